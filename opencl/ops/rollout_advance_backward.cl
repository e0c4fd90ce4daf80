// Backward pass of rollout_advance; see mpdp.backend.op.RolloutAdvanceBackward. One item per word.
#include "common.clh"

__kernel GROUP(64) void rollout_advance_backward(
    __global const int* child,           // (rows)
    __global const int* root,            // (rows) or null
    __global const float* d_next_state,  // (rows, states) or null
    __global const float* d_tail_state,  // (roots, states)
    __global const int* count,           // (1) or null
    __global float* d_next,              // (rows, states)
    __global float* scratch, const Call call) {
  child = AT(child, 0);
  root = AT(root, 1);
  d_next_state = AT(d_next_state, 2);
  d_tail_state = AT(d_tail_state, 3);
  count = AT(count, 4);
  d_next = AT(d_next, 5);
  size_t states = (size_t)call.integers[2], row = get_global_id(0) / states;
  size_t d = get_global_id(0) - row * states;
  if (row >= (size_t)present_rows((int)call.integers[0], count)) return;
  bool went_on = child[row] >= 0 && d_next_state;
  size_t tail = root ? (size_t)root[row] : row;
  d_next[row * states + d] =
      went_on ? d_next_state[child[row] * states + d] : d_tail_state[tail * states + d];
}
