// Model-based value expansion, one step back; see mpdp.backend.op.ExpansionTarget. One item per
// row; nextTarget and nextLogProb are null after the last step.
#define OP op_expansion_target
#include "common.clh"

__kernel GROUP(64) void expansion_target(__global const float* reward,         // (rows)
                                         __global const float* done,           // (rows)
                                         __global const int* child,            // (rows)
                                         __global const int* root,             // (rows) or null
                                         __global const float* next_target,    // (rows) or null
                                         __global const float* next_log_prob,  // (rows) or null
                                         __global const float* tail_value,     // (roots)
                                         __global const float* alpha,          // (1)
                                         __global const int* count,            // (1) or null
                                         __global float* target,               // (rows)
                                         __global float* scratch, const Call call) {
  reward = AT(reward);
  done = AT(done);
  child = AT(child);
  root = AT(root);
  next_target = AT(next_target);
  next_log_prob = AT(next_log_prob);
  tail_value = AT(tail_value);
  alpha = AT(alpha);
  count = AT(count);
  target = AT(target);
  int row = get_global_id(0);
  if (row >= present_rows((int)INTEGER(rows), count)) return;
  int next = child[row];
  float value;
  if (next >= 0 && next_target) {
    value = next_target[next] - (next_log_prob ? alpha[0] * next_log_prob[next] : 0.0f);
  } else {
    value = (1.0f - done[row]) * tail_value[root ? root[row] : row];
  }
  target[row] = reward[row] + NUMBER(discount) * value;
}
