// One step of a fixed batch of rollouts; see mpdp.backend.op.SequenceScore. One item per row.
#include "common.clh"

__kernel GROUP(16) void sequence_score(__global const float* state,   // (rows, states)
                                       __global const float* reward,  // (rows)
                                       __global const float* done,    // (rows)
                                       __global float* next,          // (rows, states)
                                       __global float* weight,        // (rows)
                                       __global float* objective,     // (rows)
                                       __global float* d_reward,      // (rows)
                                       __global float* scratch, const Call call) {
  state = AT(state, 0);
  reward = AT(reward, 1);
  done = AT(done, 2);
  next = AT(next, 3);
  weight = AT(weight, 4);
  objective = AT(objective, 5);
  d_reward = AT(d_reward, 6);
  size_t row = get_global_id(0), states = (size_t)call.integers[1];
  if (row >= (size_t)call.integers[0]) return;
  float mine = weight[row];
  bool ends = mine == 0.0f || done[row] != 0.0f;
  if (mine != 0.0f) objective[row] += mine * reward[row];
  d_reward[row] = -mine / (float)call.integers[0];
  for (size_t d = 0; ends && d < states; d++) next[row * states + d] = state[row * states + d];
  weight[row] = ends ? 0.0f : mine * call.numbers[0];
}
