// Adds the mean of the present values to a running sum; see mpdp.backend.op.Metric. One group.
#define OP op_metric
#include "common.clh"

__kernel GROUP(64) void metric(__global const float* values,  // (rows)
                               __global const int* count,     // (1) or null
                               __global float* slot,          // sum, runs
                               __global float* scratch, const Call call) {
  __local float work[64];
  values = AT(values);
  count = AT(count);
  slot = AT(slot);
  int present = present_rows((int)INTEGER(rows), count);
  Sum sum = {0.0f, 0.0f};
  for (int row = get_local_id(0); row < present; row += 64) sum = sum_add(sum, values[row]);
  float mean = group_sum(sum_value(sum), work) / (float)present;
  if (get_local_id(0) != 0 || present == 0 || !(fabs(mean) < INFINITY)) return;
  slot[0] += mean;
  slot[1] += 1.0f;
}
