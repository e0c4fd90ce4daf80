// Target network: target += rate (source - target). 12 bytes and 3 flops a word.
#include "common.clh"

__kernel GROUP(256) void polyak(__global const float* source,  // (words)
                                __global float* target,        // (words)
                                __global float* scratch, const Call call) {
  source = AT(source, 0);
  target = AT(target, 1);
  size_t i = get_global_id(0);
  if (i < (size_t)call.integers[0]) target[i] += call.numbers[0] * (source[i] - target[i]);
}
