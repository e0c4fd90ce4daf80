// Start states of the next update, from running rollouts or fresh from the replay; see
// mpdp.backend.op.RestartStates. One item per row.
#include "common.clh"
#include "philox.clh"

__kernel GROUP(16) void restart_states(__global const int* child,    // (rows)
                                       __global const float* next,   // (rows, states)
                                       __global const float* fresh,  // (rows, states)
                                       __global const int* random,   // (4)
                                       __global float* state,        // (rows, states)
                                       __global float* scratch, const Call call) {
  child = AT(child, 0);
  next = AT(next, 1);
  fresh = AT(fresh, 2);
  random = AT(random, 3);
  state = AT(state, 4);
  size_t row = get_global_id(0);
  int states = (int)call.integers[1];
  if (row >= (size_t)call.integers[0]) return;
  float uniform_draw = draw_uniform(random, (uint)call.integers[2], (uint)row);
  bool goes_on = child[row] >= 0 && !(uniform_draw < call.numbers[0]);
  __global const float* from = (goes_on ? next : fresh) + row * states;
  for (int d = 0; d < states; d++) state[row * states + d] = from[d];
}
