// SAC's target, y = reward + discount (1 - done) (min_j q_j - alpha logProb); see
// mpdp.backend.op.CriticTarget. One item per row.
#define OP op_critic_target
#include "common.clh"

__kernel GROUP(64) void critic_target(__global const float* q,         // (critics, rows)
                                      __global const float* log_prob,  // (rows)
                                      __global const float* alpha,     // (1)
                                      __global const float* reward,    // (rows)
                                      __global const float* done,      // (rows)
                                      __global float* target,          // (rows)
                                      __global float* scratch, const Call call) {
  q = AT(q);
  log_prob = AT(log_prob);
  alpha = AT(alpha);
  reward = AT(reward);
  done = AT(done);
  target = AT(target);
  int rows = (int)INTEGER(rows), critics = (int)INTEGER(critics), row = get_global_id(0);
  if (row >= rows) return;
  float least = q[row];
  for (int j = 1; j < critics; j++) {
    float other = q[(size_t)j * rows + row];
    least = other < least ? other : least;
  }
  float value = least - alpha[0] * log_prob[row];
  target[row] = reward[row] + NUMBER(discount) * (1.0f - done[row]) * value;
}
