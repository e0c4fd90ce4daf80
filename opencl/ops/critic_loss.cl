// Squared error of all critics and its gradient; see mpdp.backend.op.CriticLoss. One group per
// critic: 64 items take every 64th row and add their sums in a tree.
#define OP op_critic_loss
#include "common.clh"

__kernel GROUP(64) void critic_loss(__global const float* q,       // (critics, rows)
                                    __global const float* target,  // (rows)
                                    __global const int* count,     // (1) or null
                                    __global float* d_q,           // (critics, rows)
                                    __global float* loss,          // (critics)
                                    __global float* scratch, const Call call) {
  __local float work[64];
  q = AT(q);
  target = AT(target);
  count = AT(count);
  d_q = AT(d_q);
  loss = AT(loss);
  int rows = (int)INTEGER(rows), present = present_rows(rows, count);
  size_t critic = get_group_id(0);
  float scale = NUMBER(weight) / (float)rows;
  Sum sum = {0.0f, 0.0f};
  for (int row = get_local_id(0); row < present; row += 64) {
    float error = q[critic * rows + row] - target[row];
    d_q[critic * rows + row] = scale * error;
    sum = sum_add(sum, error * error);
  }
  float total = group_sum(sum_value(sum), work);
  if (get_local_id(0) == 0) loss[critic] = present == 0 ? 0.0f : 0.5f * total / (float)present;
}
