// The soft value that ends every rollout, and its gradient; see mpdp.backend.op.TailValue. One item
// per row.
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
  q = AT(q, 0);
  log_prob = AT(log_prob, 1);
  alpha = AT(alpha, 2);
  weight = AT(weight, 3);
  value = AT(value, 4);
  objective = AT(objective, 5);
  d_q = AT(d_q, 6);
  d_log_prob = AT(d_log_prob, 7);
  size_t rows = (size_t)call.integers[0], row = get_global_id(0);
  int critics = (int)call.integers[1], smallest = 0;
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
