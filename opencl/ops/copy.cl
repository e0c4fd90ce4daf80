// target = source. 8 bytes a word.
#include "common.clh"

__kernel GROUP(256) void copy(__global const float* source,  // (words)
                              __global float* target,        // (words)
                              __global float* scratch, const Call call) {
  source = AT(source, 0);
  target = AT(target, 1);
  size_t i = get_global_id(0);
  if (i < (size_t)call.integers[0]) target[i] = source[i];
}
