// Backward pass of transition_sample; see mpdp.backend.op.TransitionSampleBackward. One item per
// (row, dimension); D = states + 1. With g = outputScale (dNext, dReward): d mean = g,
// d raw = g noise exp(lv / 2) eps lv' / 2.
#define OP op_transition_sample_backward
#include "common.clh"
#include "gaussian_head.clh"

__kernel GROUP(64) void transition_sample_backward(
    __global const float* heads,         // (members, rows, 2D)
    __global const float* bounds,        // (2D): max, min
    __global const float* output_scale,  // (D)
    __global const int* chosen,          // (rows)
    __global const float* eps,           // (rows, D)
    __global const float* d_next,        // (rows, states)
    __global const float* d_reward,      // (rows)
    __global const int* count,           // (1) or null
    __global const int* place,           // (rows) or null
    __global float* d_heads,             // (members, rows, 2D)
    __global float* d_state,             // (rows, states)
    __global float* scratch, const Call call) {
  heads = AT(heads);
  bounds = AT(bounds);
  output_scale = AT(output_scale);
  chosen = AT(chosen);
  eps = AT(eps);
  d_next = AT(d_next);
  d_reward = AT(d_reward);
  count = AT(count);
  place = AT(place);
  d_heads = AT(d_heads);
  d_state = AT(d_state);
  size_t rows = (size_t)INTEGER(rows), states = (size_t)INTEGER(states), width = states + 1;
  size_t element = get_global_id(0), row = element / width, d = element - row * width;
  if (row >= (size_t)present_rows((int)rows, count)) return;
  int members = (int)INTEGER(members), member = chosen[row];
  size_t head = place ? (size_t)place[row] : row, at = (member * rows + head) * 2 * width + d;
  LogVariance lv = log_variance(heads[at + width], bounds[d], bounds[width + d]);
  float slope = NUMBER(noise) * 0.5f * exp_of(0.5f * lv.value) * lv.by_raw;
  float by_change = d < states ? d_next[row * states + d] : d_reward[row];
  float g = output_scale[d] * by_change, by_raw = g * eps[element] * slope;
  if (INTEGER(accumulate_heads) != 0) {
    d_heads[at] += g;
    d_heads[at + width] += by_raw;
  } else {
    for (int m = 0; m < members; m++) {
      size_t to = (m * rows + head) * 2 * width + d;
      d_heads[to] = m == member ? g : 0.0f;
      d_heads[to + width] = m == member ? by_raw : 0.0f;
    }
  }
  if (d == states) return;
  float before = INTEGER(accumulate_state) != 0 ? d_state[row * states + d] : 0.0f;
  d_state[row * states + d] = before + by_change;
}
