// Adds the mean of the present values to a running sum; see mpdp.backend.op.Metric. One group.
#include "common.clh"

__kernel GROUP(64) void metric(__global const float* values,  // (rows)
                               __global const int* count,     // (1) or null
                               __global float* slot,          // sum, runs
                               __global float* scratch, const Call call) {
  __local float work[64];
  values = AT(values, 0);
  count = AT(count, 1);
  slot = AT(slot, 2);
  int present = present_rows((int)call.integers[0], count);
  Sum sum = {0.0f, 0.0f};
  for (int row = get_local_id(0); row < present; row += 64) sum = sum_add(sum, values[row]);
  float mean = group_sum(sum_value(sum), work) / (float)present;
  if (get_local_id(0) != 0 || present == 0 || !(fabs(mean) < INFINITY)) return;
  slot[0] += mean;
  slot[1] += 1.0f;
}
