// One step's share of the policy improvement objective and its gradient; see
// mpdp.backend.op.RolloutObjective. One item per row; every root has at most one row, so items
// never meet.
#define OP op_rollout_objective
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
  reward = AT(reward);
  log_prob = AT(log_prob);
  penalty = AT(penalty);
  alpha = AT(alpha);
  root = AT(root);
  count = AT(count);
  objective = AT(objective);
  d_reward = AT(d_reward);
  d_log_prob = AT(d_log_prob);
  d_penalty = AT(d_penalty);
  int row = get_global_id(0);
  if (row >= present_rows((int)INTEGER(rows), count)) return;
  float discount = NUMBER(discount), beta = NUMBER(beta);
  float share = discount / (float)INTEGER(roots);
  float gain = reward[row] - alpha[0] * log_prob[row] - (penalty ? beta * penalty[row] : 0.0f);
  objective[root ? root[row] : row] += discount * gain;
  d_reward[row] = -share;
  d_log_prob[row] = alpha[0] * share;
  if (d_penalty) d_penalty[row] = beta * share;
}
