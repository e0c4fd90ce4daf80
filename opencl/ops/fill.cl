// target = value. 4 bytes a word.
#include "common.clh"
#include "words.clh"

__kernel GROUP(256) void fill(__global float* target,  // (words)
                              __global float* scratch, const Call call) {
  target = AT(target, 0);
  long i = FIRST_WORD, left = call.integers[0] - i;
  if (left > 0) store_words((Words)(call.numbers[0]), target + i, left);
}
