// target = value. 4 bytes a word.
#include "common.clh"

__kernel GROUP(256) void fill(__global float* target,  // (words)
                              __global float* scratch, const Call call) {
  target = AT(target, 0);
  size_t i = get_global_id(0);
  if (i < (size_t)call.integers[0]) target[i] = call.numbers[0];
}
