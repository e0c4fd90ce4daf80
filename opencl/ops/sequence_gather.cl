// Puts particles in the order in which their members evaluate them, each with the action of its
// candidate; see mpdp.backend.op.SequenceGather. One item per row.
#include "common.clh"

__kernel GROUP(16) void sequence_gather(__global const float* state,    // (rows or 1, states)
                                        __global const float* action,   // (candidates, actions)
                                        __global const int* order,      // (rows)
                                        __global const int* root,       // (rows) or null
                                        __global const int* count,      // (1) or null
                                        __global float* routed_state,   // (rows, states)
                                        __global int* routed_root,      // (rows)
                                        __global float* routed_action,  // (rows, actions)
                                        __global float* scratch, const Call call) {
  state = AT(state, 0);
  action = AT(action, 1);
  order = AT(order, 2);
  root = AT(root, 3);
  count = AT(count, 4);
  routed_state = AT(routed_state, 5);
  routed_root = AT(routed_root, 6);
  routed_action = AT(routed_action, 7);
  size_t k = get_global_id(0), states = (size_t)call.integers[2];
  size_t actions = (size_t)call.integers[3];
  if (k >= (size_t)present_rows((int)call.integers[0], count)) return;
  int row = order[k], mine = root ? root[row] : row;
  size_t from = call.integers[4] != 0 ? 0 : row * states;
  size_t candidate = mine % (int)call.integers[1];
  for (size_t d = 0; d < states; d++) routed_state[k * states + d] = state[from + d];
  for (size_t j = 0; j < actions; j++) {
    routed_action[k * actions + j] = action[candidate * actions + j];
  }
  routed_root[k] = mine;
}
