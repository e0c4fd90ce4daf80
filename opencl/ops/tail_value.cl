// The soft value that ends every rollout, and its gradient; see mpdp.backend.op.TailValue. One item
// per row.
#define OP op_tail_value
#include "common.clh"

__kernel GROUP(64) void tail_value(__global const float* q,         // (critics, rows)
                                   __global const float* log_prob,  // (rows)
                                   __global const float* alpha,     // (1)
                                   __global const float* weight,    // (rows) or null
                                   __global float* value,           // (rows)
                                   __global float* objective,       // (rows)
                                   __global float* d_q,             // (critics, rows)
                                   __global float* d_log_prob,      // (rows)
                                   __global float* scratch, const Call call) {
  q = AT(q);
  log_prob = AT(log_prob);
  alpha = AT(alpha);
  weight = AT(weight);
  value = AT(value);
  objective = AT(objective);
  d_q = AT(d_q);
  d_log_prob = AT(d_log_prob);
  size_t rows = (size_t)INTEGER(rows), row = get_global_id(0);
  int critics = (int)INTEGER(critics), smallest = 0;
  if (row >= rows) return;
  for (int j = 1; j < critics; j++) {
    smallest = q[j * rows + row] < q[smallest * rows + row] ? j : smallest;
  }
  float soft = q[smallest * rows + row] - alpha[0] * log_prob[row];
  float mine = weight ? weight[row] : 1.0f, share = mine / (float)rows;
  value[row] = soft;
  objective[row] += mine * soft;
  for (int j = 0; j < critics; j++) d_q[j * rows + row] = j == smallest ? -share : 0.0f;
  d_log_prob[row] = alpha[0] * share;
}
