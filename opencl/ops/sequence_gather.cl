// Puts particles in the order in which their members evaluate them, each with the action of its
// candidate; see mpdp.backend.op.SequenceGather. One item per row.
#define OP op_sequence_gather
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
  state = AT(state);
  action = AT(action);
  order = AT(order);
  root = AT(root);
  count = AT(count);
  routed_state = AT(routed_state);
  routed_root = AT(routed_root);
  routed_action = AT(routed_action);
  size_t k = get_global_id(0), states = (size_t)INTEGER(states);
  size_t actions = (size_t)INTEGER(actions);
  if (k >= (size_t)present_rows((int)INTEGER(rows), count)) return;
  int row = order[k], mine = root ? root[row] : row;
  size_t from = INTEGER(common) != 0 ? 0 : row * states;
  size_t candidate = mine % (int)INTEGER(candidates);
  for (size_t d = 0; d < states; d++) routed_state[k * states + d] = state[from + d];
  for (size_t j = 0; j < actions; j++) {
    routed_action[k * actions + j] = action[candidate * actions + j];
  }
  routed_root[k] = mine;
}
