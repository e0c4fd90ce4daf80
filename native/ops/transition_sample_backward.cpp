// Backward pass of transition_sample; see mpdp.backend.op.TransitionSampleBackward.
//   dNext (rows, states), dReward (rows) -> dHeads (members, rows, 2D), dState (rows, states)
//   place (rows), where a row's heads are, or null
// With g = outputScale (dNext, dReward): d mean = g, d raw = g noise exp(lv / 2) eps lv' / 2.
#include "mpdp/gaussian_head.h"
#include "mpdp/kernel.h"
#include "mpdp/tile.h"

namespace mpdp::MPDP_ISA {
using namespace operands::transition_sample_backward;
namespace {

// slope = d (noise exp(lv / 2)) / d raw
void slopes(int64_t n, float noise, const float* __restrict raw, const float* __restrict max,
            const float* __restrict min, float* __restrict slope) {
  for (int64_t e = 0; e < n; e++) {
    LogVariance lv = log_variance(raw[e], max[e], min[e]);
    slope[e] = noise * 0.5f * exp(0.5f * lv.value) * lv.by_raw;
  }
}

void put(bool accumulate, int64_t n, const float* __restrict values, float* __restrict to) {
  if (accumulate) {
    for (int64_t i = 0; i < n; i++) to[i] += values[i];
  } else {
    for (int64_t i = 0; i < n; i++) to[i] = values[i];
  }
}

void clear(int64_t n, float* to) {
  for (int64_t i = 0; i < n; i++) to[i] = 0.0f;
}

}  // namespace

void transition_sample_backward(const Call& call, Team& team) {
  int64_t members = call.size(kMembers), rows = call.size(kRows), states = call.size(kStates);
  int64_t dimensions = states + 1, width = 2 * dimensions;
  bool accumulate_heads = call.flag(kAccumulateHeads),
       accumulate_state = call.flag(kAccumulateState);
  const float *heads = call.in(kHeads), *bounds = call.in(kBounds),
              *output_scale = call.in(kOutputScale);
  const int32_t* chosen = call.ints(kChosen);
  const float *eps = call.in(kEps), *d_next = call.in(kDNext), *d_reward = call.in(kDReward);
  const int32_t* place = call.ints(kPlace);
  float *d_heads = call.out(kDHeads), *d_state = call.out(kDState);
  Tiling tiling(dimensions);
  size_t floats = static_cast<size_t>(4 * tiling.stride + width);
  auto* raw = static_cast<float*>(team.scratch(floats * sizeof(float)));
  float *max = raw + tiling.stride, *min = max + tiling.stride, *slope = min + tiling.stride;
  float* d_head = slope + tiling.stride;
  tiling.repeat(bounds, max);
  tiling.repeat(bounds + dimensions, min);

  auto word_of = [&](int64_t member, int64_t row) {  // where its head begins
    return (member * rows + (place ? place[row] : row)) * width;
  };

  int64_t begin, end;
  team.share(call.present(rows, kCount), tiling.rows, &begin, &end);
  for (int64_t m = 0; m < members && !accumulate_heads; m++) {
    if (!place) clear((end - begin) * width, d_heads + word_of(m, begin));
    for (int64_t row = begin; place && row < end; row++) clear(width, d_heads + word_of(m, row));
  }
  for (int64_t first = begin; first < end; first += tiling.rows) {
    int64_t count = least(tiling.rows, end - first);
    for (int64_t i = 0; i < count; i++) {
      const float* head = heads + word_of(chosen[first + i], first + i);
      for (int64_t d = 0; d < dimensions; d++) raw[i * dimensions + d] = head[dimensions + d];
    }
    for (int64_t e = count * dimensions; e < padded(count * dimensions); e++) raw[e] = 0.0f;
    slopes(padded(count * dimensions), call.number(kNoise), raw, max, min, slope);
    for (int64_t i = 0; i < count; i++) {
      int64_t row = first + i;
      for (int64_t d = 0; d < dimensions; d++) {
        float g = output_scale[d] * (d < states ? d_next[row * states + d] : d_reward[row]);
        d_head[d] = g;
        d_head[dimensions + d] = g * eps[row * dimensions + d] * slope[i * dimensions + d];
      }
      put(accumulate_heads, width, d_head, d_heads + word_of(chosen[row], row));
      put(accumulate_state, states, d_next + row * states, d_state + row * states);
    }
  }
}

}  // namespace mpdp::MPDP_ISA
