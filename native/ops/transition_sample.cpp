// Samples next states and rewards from a random elite member; see
// mpdp.backend.op.TransitionSample.
//   heads (members, rows, 2D), D = states + 1    state, next (rows, states)    eps (rows, D)
//   place (rows), where a row's heads are, or null
// Only the chosen member's head is read. Standard deviations are made for a tile of packed rows.
#include "mpdp/kernel.h"
#include "mpdp/philox.h"
#include "mpdp/tile.h"

namespace mpdp::MPDP_ISA {
using namespace operands::transition_sample;
namespace {

// deviation = noise exp(lv / 2), with lv as log_variance() of gaussian_head.h. In three passes: in
// one, a vector is a single chain of operations longer than the core looks ahead.
void deviations(int64_t n, float noise, const float* __restrict raw, const float* __restrict max,
                const float* __restrict min, float* __restrict deviation) {
  for (int64_t e = 0; e < n; e++) deviation[e] = max[e] - softplus(max[e] - raw[e]);
  for (int64_t e = 0; e < n; e++) deviation[e] = min[e] + softplus(deviation[e] - min[e]);
  for (int64_t e = 0; e < n; e++) deviation[e] = noise * exp(0.5f * deviation[e]);
}

void choose(const RandomState& random, int64_t site, const int32_t* roots, const int32_t* elites,
            int64_t elite_count, int64_t begin, int64_t end, int32_t* chosen) {
  float uniforms[PhiloxTile::kWords];
  for (int64_t row = begin; row < end; row += PhiloxTile::kWords) {
    int64_t count = least(PhiloxTile::kWords, end - row);
    draw_row_uniforms(random, site, roots, row, count, uniforms);
    for (int64_t i = 0; i < count; i++) {
      chosen[row + i] = elites[static_cast<int32_t>(uniforms[i] * static_cast<float>(elite_count))];
    }
  }
}

}  // namespace

void transition_sample(const Call& call, Team& team) {
  int64_t rows = call.size(kRows), states = call.size(kStates), site = call.size(kSite),
          dimensions = states + 1;
  const float *heads = call.in(kHeads), *bounds = call.in(kBounds),
              *output_mean = call.in(kOutputMean);
  const float *output_scale = call.in(kOutputScale), *state = call.in(kState);
  RandomState random(call.ints(kRandom));
  const int32_t *roots = call.ints(kRoot), *place = call.ints(kPlace);
  float *next = call.out(kNext), *reward = call.out(kReward), *eps = call.out(kEps);
  int32_t* chosen = call.int_out(kChosen);
  Tiling tiling(dimensions);
  auto* raw = static_cast<float*>(team.scratch(4 * tiling.stride * sizeof(float)));
  float *max = raw + tiling.stride, *min = max + tiling.stride, *deviation = min + tiling.stride;
  tiling.repeat(bounds, max);
  tiling.repeat(bounds + dimensions, min);

  auto head_of = [&](int64_t row) {
    return heads + (chosen[row] * rows + (place ? place[row] : row)) * 2 * dimensions;
  };

  int64_t begin, end;
  team.share(call.present(rows, kCount), tiling.rows, &begin, &end);
  choose(random, site, roots, call.ints(kElites), call.size(kEliteCount), begin, end, chosen);
  draw_row_normals(random, site + 1, roots, begin, end - begin, dimensions,
                   eps + begin * dimensions);
  for (int64_t first = begin; first < end; first += tiling.rows) {
    int64_t count = least(tiling.rows, end - first);
    for (int64_t i = 0; i < count; i++) {
      const float* head = head_of(first + i);
      for (int64_t d = 0; d < dimensions; d++) raw[i * dimensions + d] = head[dimensions + d];
    }
    for (int64_t e = count * dimensions; e < padded(count * dimensions); e++) raw[e] = 0.0f;
    deviations(padded(count * dimensions), call.number(kNoise), raw, max, min, deviation);
    for (int64_t i = 0; i < count; i++) {
      int64_t row = first + i;
      const float* __restrict mean = head_of(row);
      const float* __restrict normal = eps + row * dimensions;
      const float* __restrict spread = deviation + i * dimensions;
      const float* __restrict from = state + row * states;
      float* __restrict to = next + row * states;
      for (int64_t d = 0; d < states; d++) {
        to[d] = from[d] + output_mean[d] + output_scale[d] * (mean[d] + spread[d] * normal[d]);
      }
      float z = mean[states] + spread[states] * normal[states];
      reward[row] = output_mean[states] + output_scale[states] * z;
    }
  }
}

}  // namespace mpdp::MPDP_ISA
