// Whether predicted states are terminal; see mpdp.backend.op.Termination. One item per row.
#define OP op_termination
#include "common.clh"

__kernel GROUP(64) void termination(__global const float* next,  // (rows, states)
                                    __global const float* low,   // (states)
                                    __global const float* high,  // (states)
                                    __global const int* count,   // (1) or null
                                    __global float* done,        // (rows)
                                    __global float* scratch, const Call call) {
  next = AT(next);
  low = AT(low);
  high = AT(high);
  count = AT(count);
  done = AT(done);
  int states = (int)INTEGER(states), row = get_global_id(0);
  if (row >= present_rows((int)INTEGER(rows), count)) return;
  bool inclusive = INTEGER(inclusive) != 0, outside = false;  // a NaN fails every comparison
  next += (size_t)row * states;
  for (int d = 0; d < states; d++) {
    bool strictly = next[d] > low[d] && next[d] < high[d];
    bool weakly = next[d] >= low[d] && next[d] <= high[d];
    outside = outside || !(inclusive ? weakly : strictly);
  }
  done[row] = outside ? 1.0f : 0.0f;
}
