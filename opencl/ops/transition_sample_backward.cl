// Backward pass of transition_sample; see mpdp.backend.op.TransitionSampleBackward. One item per
// (row, dimension); D = states + 1. With g = outputScale (dNext, dReward): d mean = g,
// d raw = g noise exp(lv / 2) eps lv' / 2.
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
  heads = AT(heads, 0);
  bounds = AT(bounds, 1);
  output_scale = AT(output_scale, 2);
  chosen = AT(chosen, 3);
  eps = AT(eps, 4);
  d_next = AT(d_next, 5);
  d_reward = AT(d_reward, 6);
  count = AT(count, 7);
  place = AT(place, 8);
  d_heads = AT(d_heads, 9);
  d_state = AT(d_state, 10);
  size_t rows = (size_t)call.integers[1], states = (size_t)call.integers[2], width = states + 1;
  size_t element = get_global_id(0), row = element / width, d = element - row * width;
  if (row >= (size_t)present_rows((int)rows, count)) return;
  int members = (int)call.integers[0], member = chosen[row];
  size_t head = place ? (size_t)place[row] : row, at = (member * rows + head) * 2 * width + d;
  LogVariance lv = log_variance(heads[at + width], bounds[d], bounds[width + d]);
  float slope = call.numbers[0] * 0.5f * exp_of(0.5f * lv.value) * lv.by_raw;
  float by_change = d < states ? d_next[row * states + d] : d_reward[row];
  float g = output_scale[d] * by_change, by_raw = g * eps[element] * slope;
  if (call.integers[3] != 0) {
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
  float before = call.integers[4] != 0 ? d_state[row * states + d] : 0.0f;
  d_state[row * states + d] = before + by_change;
}
