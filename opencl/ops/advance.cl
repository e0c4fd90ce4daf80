// Steps the random state's 64-bit counter; see mpdp.backend.op.Advance.
#define OP op_advance
#include "common.clh"

__kernel GROUP(1) void advance(__global uint* random,  // (4): key, step
                               __global float* scratch, const Call call) {
  random = AT(random);
  uint low = random[2] + 1u;
  random[2] = low;
  if (low == 0u) random[3]++;
}
