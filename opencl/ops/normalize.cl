// x = ((state, action) - mean) inv_std; see mpdp.backend.op.Normalize. One item per word.
#define OP op_normalize
#include "common.clh"

__kernel GROUP(64) void normalize_input(__global const float* state,    // (rows, states)
                                        __global const float* action,   // (rows, actions) or null
                                        __global const float* mean,     // (states + actions)
                                        __global const float* inv_std,  // (states + actions)
                                        __global const int* count,      // (1) or null
                                        __global const int* place,      // (rows) or null
                                        __global float* x,              // (rows, states + actions)
                                        __global float* scratch, const Call call) {
  state = AT(state);
  action = AT(action);
  mean = AT(mean);
  inv_std = AT(inv_std);
  count = AT(count);
  place = AT(place);
  x = AT(x);
  size_t states = (size_t)INTEGER(states), actions = (size_t)INTEGER(actions);
  size_t width = states + actions, row = get_global_id(0) / width;
  size_t d = get_global_id(0) - row * width;
  if (row >= (size_t)present_rows((int)INTEGER(rows), count)) return;
  float value = d < states ? state[row * states + d] : action[row * actions + d - states];
  x[(place ? (size_t)place[row] : row) * width + d] = (value - mean[d]) * inv_std[d];
}
