// Backward pass of disagreement; see mpdp.backend.op.DisagreementBackward.
//   dPenalty (rows) -> dHeads (members, rows, 2D)
// With v_i, m_i the rest's variance and mean, delta_i = mean_i - m_i and n = members - 1,
//   a_i = d KL_i / d m_i = -delta_i / v_i,
//   b_i = d KL_i / d v_i = (1 - (var_i + delta_i^2) / v_i) / (2 v_i),
//   d mean_j = -a_j + sum_{i != j} (a_i + 2 b_i (mean_j - m_i)) / n,
//   d lv_j = (var_j / v_j - 1) / 2 + var_j sum_{i != j} b_i / n.
// The moments are made again rather than kept: they fit in L1, a tape would not.
#include "mpdp/kernel.h"
#include "mpdp/one_vs_rest.h"

namespace mpdp::MPDP_ISA {
using namespace operands::disagreement_backward;
namespace {

struct Gradients {                   // flat tiles
  float *by_mean, *by_variance;      // a and b: (members, stride)
  float *d_mean, *d_log_var, *rest;  // one member: (stride)
  float* weight;                     // d objective / d KL of each element's row: (stride)
  static int64_t floats(int64_t members, int64_t stride) { return (2 * members + 4) * stride; }

  Gradients(int64_t members, int64_t stride, float* memory)
      : by_mean(memory),
        by_variance(memory + members * stride),
        d_mean(memory + 2 * members * stride),
        d_log_var(d_mean + stride),
        rest(d_log_var + stride),
        weight(rest + stride) {}
};

void by_moments(int64_t n, const float* __restrict mean, const float* __restrict variance,
                const float* __restrict rest_mean, const float* __restrict rest_variance,
                float* __restrict by_mean, float* __restrict by_variance) {
  for (int64_t e = 0; e < n; e++) {
    float inverse = 1.0f / rest_variance[e], delta = mean[e] - rest_mean[e];
    by_mean[e] = -delta * inverse;
    by_variance[e] = 0.5f * inverse * (1.0f - (variance[e] + delta * delta) * inverse);
  }
}

// What member j receives through the rest of member i.
void add_rest(int64_t n, const float* __restrict mean, const float* __restrict rest_mean,
              const float* __restrict by_mean, const float* __restrict by_variance,
              float* __restrict d_mean, float* __restrict rest) {
  for (int64_t e = 0; e < n; e++) {
    d_mean[e] += by_mean[e] + 2.0f * by_variance[e] * (mean[e] - rest_mean[e]);
    rest[e] += by_variance[e];
  }
}

// Adds the member's own part and turns d lv into d raw.
void finish(int64_t n, float share, const float* __restrict weight, const float* __restrict by_mean,
            const float* __restrict variance, const float* __restrict rest_variance,
            const float* __restrict slope, const float* __restrict rest, float* __restrict d_mean,
            float* __restrict d_raw) {
  for (int64_t e = 0; e < n; e++) {
    float own = 0.5f * (variance[e] / rest_variance[e] - 1.0f);
    d_mean[e] = weight[e] * (share * d_mean[e] - by_mean[e]);
    d_raw[e] = weight[e] * slope[e] * (own + variance[e] * share * rest[e]);
  }
}

// Gradients of the `count` loaded rows into d_heads, which points at the first row of member 0.
void tile_gradients(const OneVsRest& tile, const Gradients& g, int64_t count, int64_t rows,
                    bool accumulate, float* d_heads) {
  int64_t members = tile.members, stride = tile.tiling.stride, width = tile.tiling.width;
  int64_t n = padded(count * width);
  for (int64_t i = 0; i < members; i++) {
    int64_t at = i * stride;
    by_moments(n, tile.mean + at, tile.variance + at, tile.rest_mean + at, tile.rest_variance + at,
               g.by_mean + at, g.by_variance + at);
  }
  for (int64_t j = 0; j < members; j++) {
    for (int64_t e = 0; e < n; e++) g.d_mean[e] = g.rest[e] = 0.0f;
    for (int64_t i = 0; i < members; i++) {
      if (i == j) continue;
      add_rest(n, tile.mean + j * stride, tile.rest_mean + i * stride, g.by_mean + i * stride,
               g.by_variance + i * stride, g.d_mean, g.rest);
    }
    int64_t at = j * stride;
    finish(n, 1.0f / static_cast<float>(members - 1), g.weight, g.by_mean + at, tile.variance + at,
           tile.rest_variance + at, tile.slope + at, g.rest, g.d_mean, g.d_log_var);
    float* to = d_heads + j * rows * 2 * width;
    tile.tiling.unpack(g.d_mean, 2 * width, count, accumulate, to);
    tile.tiling.unpack(g.d_log_var, 2 * width, count, accumulate, to + width);
  }
}

}  // namespace

void disagreement_backward(const Call& call, Team& team) {
  int64_t members = call.size(kMembers), rows = call.size(kRows),
          dimensions = call.size(kDimensions);
  bool log_scale = call.size(kScale) == kLogScale;
  const float* d_penalty = call.in(kDPenalty);
  Tiling tiling(dimensions);
  int64_t moments = OneVsRest::floats(members, tiling);
  int64_t floats = moments + Gradients::floats(members, tiling.stride);
  auto* memory = static_cast<float*>(team.scratch(static_cast<size_t>(floats) * sizeof(float)));
  OneVsRest tile(members, tiling, call.in(kBounds), memory);
  Gradients g(members, tiling.stride, memory + moments);
  int64_t begin, end;
  team.share(call.present(rows, kCount), tiling.rows, &begin, &end);
  for (int64_t first = begin; first < end; first += tiling.rows) {
    int64_t count = least(tiling.rows, end - first);
    tile.load(call.in(kHeads), rows, first, count);
    for (int64_t i = 0; i < count; i++) {
      float by_kl = d_penalty[first + i];
      if (log_scale) {
        float mean = mean_plus_floor(tile.row_sum(i), members * dimensions);
        by_kl *= softplus_slope(log(mean) - call.number(kThreshold)).slope;
        by_kl /= mean * static_cast<float>(members * dimensions);
      }
      for (int64_t d = 0; d < dimensions; d++) g.weight[i * dimensions + d] = by_kl;
    }
    for (int64_t e = count * dimensions; e < padded(count * dimensions); e++) g.weight[e] = 0.0f;
    tile_gradients(tile, g, count, rows, call.flag(kAccumulate),
                   call.out(kDHeads) + first * 2 * dimensions);
  }
}

}  // namespace mpdp::MPDP_ISA
