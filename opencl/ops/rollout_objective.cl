// One step's share of the policy improvement objective and its gradient; see
// mpdp.backend.op.RolloutObjective. One item per row; every root has at most one row, so items
// never meet.
#include "common.clh"

__kernel GROUP(64) void rollout_objective(__global const float* reward,    // (rows)
                                          __global const float* log_prob,  // (rows)
                                          __global const float* penalty,   // (rows) or null
                                          __global const float* alpha,     // (1)
                                          __global const int* root,        // (rows) or null
                                          __global const int* count,       // (1) or null
                                          __global float* objective,       // (roots)
                                          __global float* d_reward,        // (rows)
                                          __global float* d_log_prob,      // (rows)
                                          __global float* d_penalty,       // (rows) or null
                                          __global float* scratch, const Call call) {
  reward = AT(reward, 0);
  log_prob = AT(log_prob, 1);
  penalty = AT(penalty, 2);
  alpha = AT(alpha, 3);
  root = AT(root, 4);
  count = AT(count, 5);
  objective = AT(objective, 6);
  d_reward = AT(d_reward, 7);
  d_log_prob = AT(d_log_prob, 8);
  d_penalty = AT(d_penalty, 9);
  int row = get_global_id(0);
  if (row >= present_rows((int)call.integers[0], count)) return;
  float discount = call.numbers[0], beta = call.numbers[1];
  float share = discount / (float)call.integers[1];
  float gain = reward[row] - alpha[0] * log_prob[row] - (penalty ? beta * penalty[row] : 0.0f);
  objective[root ? root[row] : row] += discount * gain;
  d_reward[row] = -share;
  d_log_prob[row] = alpha[0] * share;
  if (d_penalty) d_penalty[row] = beta * share;
}
