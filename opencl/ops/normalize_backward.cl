// dState and dAction are dx times inv_std; see mpdp.backend.op.NormalizeBackward. One item per
// word of dx.
#define OP op_normalize_backward
#include "common.clh"

__kernel GROUP(64) void normalize_backward(__global const float* dx,  // (rows, states + actions)
                                           __global const float* inv_std,  // (states + actions)
                                           __global const int* count,      // (1) or null
                                           __global const int* place,      // (rows) or null
                                           __global float* d_state,        // (rows, states) or null
                                           __global float* d_action,  // (rows, actions) or null
                                           __global float* scratch, const Call call) {
  dx = AT(dx);
  inv_std = AT(inv_std);
  count = AT(count);
  place = AT(place);
  d_state = AT(d_state);
  d_action = AT(d_action);
  size_t states = (size_t)INTEGER(states), actions = (size_t)INTEGER(actions);
  size_t width = states + actions, row = get_global_id(0) / width;
  size_t d = get_global_id(0) - row * width;
  if (row >= (size_t)present_rows((int)INTEGER(rows), count)) return;
  bool is_state = d < states;
  __global float* to = is_state ? (d_state ? d_state + row * states + d : 0)
                                : (d_action ? d_action + row * actions + d - states : 0);
  if (!to) return;
  float value = dx[(place ? (size_t)place[row] : row) * width + d] * inv_std[d];
  to[0] =
      (is_state ? INTEGER(accumulate_state) : INTEGER(accumulate_action)) ? to[0] + value : value;
}
