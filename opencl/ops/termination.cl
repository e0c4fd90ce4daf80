// Whether predicted states are terminal; see mpdp.backend.op.Termination. One item per row.
#include "common.clh"

__kernel GROUP(64) void termination(__global const float* next,  // (rows, states)
                                    __global const float* low,   // (states)
                                    __global const float* high,  // (states)
                                    __global const int* count,   // (1) or null
                                    __global float* done,        // (rows)
                                    __global float* scratch, const Call call) {
  next = AT(next, 0);
  low = AT(low, 1);
  high = AT(high, 2);
  count = AT(count, 3);
  done = AT(done, 4);
  int states = (int)call.integers[1], row = get_global_id(0);
  if (row >= present_rows((int)call.integers[0], count)) return;
  bool inclusive = call.integers[2] != 0, outside = false;  // a NaN fails every comparison
  next += (size_t)row * states;
  for (int d = 0; d < states; d++) {
    bool strictly = next[d] > low[d] && next[d] < high[d];
    bool weakly = next[d] >= low[d] && next[d] <= high[d];
    outside = outside || !(inclusive ? weakly : strictly);
  }
  done[row] = outside ? 1.0f : 0.0f;
}
