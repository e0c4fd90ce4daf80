// One step of a fixed batch of rollouts; see mpdp.backend.op.SequenceScore. One item per row.
#define OP op_sequence_score
#include "common.clh"

__kernel GROUP(16) void sequence_score(__global const float* state,   // (rows, states)
                                       __global const float* reward,  // (rows)
                                       __global const float* done,    // (rows)
                                       __global float* next,          // (rows, states)
                                       __global float* weight,        // (rows)
                                       __global float* objective,     // (rows)
                                       __global float* d_reward,      // (rows)
                                       __global float* scratch, const Call call) {
  state = AT(state);
  reward = AT(reward);
  done = AT(done);
  next = AT(next);
  weight = AT(weight);
  objective = AT(objective);
  d_reward = AT(d_reward);
  size_t row = get_global_id(0), states = (size_t)INTEGER(states);
  if (row >= (size_t)INTEGER(rows)) return;
  float mine = weight[row];
  bool ends = mine == 0.0f || done[row] != 0.0f;
  if (mine != 0.0f) objective[row] += mine * reward[row];
  d_reward[row] = -mine / (float)INTEGER(rows);
  for (size_t d = 0; ends && d < states; d++) next[row * states + d] = state[row * states + d];
  weight[row] = ends ? 0.0f : mine * NUMBER(discount);
}
