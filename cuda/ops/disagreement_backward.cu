// Backward pass of disagreement; see mpdp.backend.op.DisagreementBackward.
// With v_i, m_i the rest's variance and mean, delta_i = mean_i - m_i and n = members - 1,
//   a_i = d KL_i / d m_i = -delta_i / v_i,
//   b_i = d KL_i / d v_i = (1 - (var_i + delta_i^2) / v_i) / (2 v_i),
//   d mean_j = -a_j + sum_{i != j} (a_i + 2 b_i (mean_j - m_i)) / n,
//   d lv_j = (var_j / v_j - 1) / 2 + var_j sum_{i != j} b_i / n.
// Threads as in disagreement. The moments are made again rather than kept: they live in shared
// memory, a tape would not. 16 bytes a head, about 200 flops.
#include "one_vs_rest.cuh"
#include "rows.cuh"

namespace mpdp::disagreement_backward {

constexpr int kThreads = 128;

// Of one row and dimension: what each member gets through the moments of the others' rests.
struct Gradients {
  OneVsRest<kThreads> parts;
  float* rest_mean;      // (members, kThreads), this thread's column
  float* rest_variance;  // (members, kThreads), this thread's column

  // `memory` is shared: (5, members, kThreads).
  MPDP_DEVICE Gradients(int64_t members, float* memory)
      : parts(members, memory, true),
        rest_mean(memory + 3 * members * kThreads + threadIdx.x),
        rest_variance(rest_mean + members * kThreads) {}

  MPDP_DEVICE void keep_rests() const {
    for (int i = 0; i < parts.members; i++) {
      Rest rest = parts.rest(i);
      rest_mean[i * kThreads] = rest.mean;
      rest_variance[i * kThreads] = rest.variance;
    }
  }

  // Member j's d mean and d raw, before the factor d objective / d KL.
  MPDP_DEVICE void of(int j, float* by_mean, float* by_raw) const {
    float through = 0.0f, rest = 0.0f;
    float mine = parts.mean[j * kThreads], variance = parts.variance[j * kThreads];
    for (int i = 0; i < parts.members; i++) {
      if (i == j) continue;
      float inverse = 1.0f / rest_variance[i * kThreads], centre = rest_mean[i * kThreads];
      float delta = parts.mean[i * kThreads] - centre;
      float ratio = (parts.variance[i * kThreads] + delta * delta) * inverse;
      float b = 0.5f * inverse * (1.0f - ratio);
      through += -delta * inverse + 2.0f * b * (mine - centre);
      rest += b;
    }
    float share = 1.0f / static_cast<float>(parts.members - 1), own = rest_variance[j * kThreads];
    *by_mean = share * through + (mine - rest_mean[j * kThreads]) / own;
    *by_raw =
        parts.slope[j * kThreads] * (0.5f * (variance / own - 1.0f) + variance * share * rest);
  }
};

// d objective / d KL of a row whose KLs add up to `sum`.
MPDP_DEVICE float by_divergence(float d_penalty, double sum, int64_t terms, bool log_scale,
                                float threshold) {
  if (!log_scale) return d_penalty;
  float mean = mean_plus_floor(sum, terms);
  float slope = softplus_slope(logf(mean) - threshold).slope;
  return d_penalty * slope / (mean * static_cast<float>(terms));
}

}  // namespace mpdp::disagreement_backward

MPDP_KERNEL(disagreement_backward, 128) {
  using namespace mpdp::disagreement_backward;
  __shared__ float terms[kThreads], factors[kThreads];
  MPDP_DYNAMIC_SHARED(float, memory);  // (5, members, kThreads)
  int64_t members = call.size(0), rows = call.size(1), dimensions = call.size(2);
  int64_t present = call.present(rows, 3), width = 2 * dimensions;
  const float* heads = call.in(0);   // (members, rows, 2D): mean, raw log-variance
  const float* bounds = call.in(1);  // (2D): max, min
  float* d_heads = call.out(4);      // (members, rows, 2D)
  mpdp::RowPack<kThreads> at(dimensions, present);
  if (at.idle(present)) return;
  Gradients gradients(members, memory);
  float kl = 0.0f;
  for (int64_t d = at.column; at.active && d < dimensions; d += at.step) {
    gradients.parts.load(heads + at.row * width + d, rows * width, dimensions, bounds[d],
                         bounds[dimensions + d]);
    kl += gradients.parts.divergence();
  }
  double sum = at.sum(terms, kl);
  if (at.active && at.column == 0) {
    factors[threadIdx.x] =
        by_divergence(call.in(2)[at.row], sum, members * dimensions,
                      call.size(3) == mpdp::kLogScale, call.number(0));  // dPenalty (rows)
  }
  __syncthreads();
  float factor = factors[threadIdx.x - at.column];
  for (int64_t d = at.column; at.active && d < dimensions; d += at.step) {
    if (dimensions > kThreads) {  // the last columns were loaded last
      gradients.parts.load(heads + at.row * width + d, rows * width, dimensions, bounds[d],
                           bounds[dimensions + d]);
    }
    gradients.keep_rests();
    for (int j = 0; j < gradients.parts.members; j++) {
      float by_mean, by_raw, *to = d_heads + (j * rows + at.row) * width + d;
      gradients.of(j, &by_mean, &by_raw);
      mpdp::put(to, factor * by_mean, call.flag(4));
      mpdp::put(to + dimensions, factor * by_raw, call.flag(4));
    }
  }
}
