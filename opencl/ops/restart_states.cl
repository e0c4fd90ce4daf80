// Start states of the next update, from running rollouts or fresh from the replay; see
// mpdp.backend.op.RestartStates. One item per row.
#define OP op_restart_states
#include "common.clh"
#include "philox.clh"

__kernel GROUP(16) void restart_states(__global const int* child,    // (rows)
                                       __global const float* next,   // (rows, states)
                                       __global const float* fresh,  // (rows, states)
                                       __global const int* random,   // (4)
                                       __global float* state,        // (rows, states)
                                       __global float* scratch, const Call call) {
  child = AT(child);
  next = AT(next);
  fresh = AT(fresh);
  random = AT(random);
  state = AT(state);
  size_t row = get_global_id(0);
  int states = (int)INTEGER(states);
  if (row >= (size_t)INTEGER(rows)) return;
  float uniform_draw = draw_uniform(random, (uint)INTEGER(site), (uint)row);
  bool goes_on = child[row] >= 0 && !(uniform_draw < NUMBER(restart));
  __global const float* from = (goes_on ? next : fresh) + row * states;
  for (int d = 0; d < states; d++) state[row * states + d] = from[d];
}
