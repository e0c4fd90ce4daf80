// dState and dAction are dx times inverse; see mpdp.backend.op.NormalizeBackward. One item per
// word of dx.
#include "common.clh"

__kernel GROUP(64) void normalize_backward(__global const float* dx,  // (rows, states + actions)
                                           __global const float* inverse,  // (states + actions)
                                           __global const int* count,      // (1) or null
                                           __global const int* place,      // (rows) or null
                                           __global float* d_state,        // (rows, states) or null
                                           __global float* d_action,  // (rows, actions) or null
                                           __global float* scratch, const Call call) {
  dx = AT(dx, 0);
  inverse = AT(inverse, 1);
  count = AT(count, 2);
  place = AT(place, 3);
  d_state = AT(d_state, 4);
  d_action = AT(d_action, 5);
  size_t states = (size_t)call.integers[1], actions = (size_t)call.integers[2];
  size_t width = states + actions, row = get_global_id(0) / width;
  size_t d = get_global_id(0) - row * width;
  if (row >= (size_t)present_rows((int)call.integers[0], count)) return;
  bool is_state = d < states;
  __global float* to = is_state ? (d_state ? d_state + row * states + d : 0)
                                : (d_action ? d_action + row * actions + d - states : 0);
  if (!to) return;
  float value = dx[(place ? (size_t)place[row] : row) * width + d] * inverse[d];
  to[0] = (is_state ? call.integers[3] : call.integers[4]) ? to[0] + value : value;
}
