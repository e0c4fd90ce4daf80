// Backward pass of rollout_advance; see mpdp.backend.op.RolloutAdvanceBackward. One item per word.
#define OP op_rollout_advance_backward
#include "common.clh"

__kernel GROUP(64) void rollout_advance_backward(
    __global const int* child,           // (rows)
    __global const int* root,            // (rows) or null
    __global const float* d_next_state,  // (rows, states) or null
    __global const float* d_tail_state,  // (roots, states)
    __global const int* count,           // (1) or null
    __global float* d_next,              // (rows, states)
    __global float* scratch, const Call call) {
  child = AT(child);
  root = AT(root);
  d_next_state = AT(d_next_state);
  d_tail_state = AT(d_tail_state);
  count = AT(count);
  d_next = AT(d_next);
  size_t states = (size_t)INTEGER(states), row = get_global_id(0) / states;
  size_t d = get_global_id(0) - row * states;
  if (row >= (size_t)present_rows((int)INTEGER(rows), count)) return;
  bool went_on = child[row] >= 0 && d_next_state;
  size_t tail = root ? (size_t)root[row] : row;
  d_next[row * states + d] =
      went_on ? d_next_state[child[row] * states + d] : d_tail_state[tail * states + d];
}
