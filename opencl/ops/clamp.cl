// target = min(max(target, low), high); a NaN stays. 8 bytes a word.
#define OP op_clamp
#include "common.clh"
#include "math.clh"

__kernel GROUP(256) void clamp_words(__global float* target,  // (words)
                                     __global float* scratch, const Call call) {
  target = AT(target);
  size_t i = get_global_id(0);
  if (i >= (size_t)INTEGER(words)) return;
  target[i] = bounded(target[i], NUMBER(low), NUMBER(high));
}
