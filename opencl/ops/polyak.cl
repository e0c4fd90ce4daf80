// Target network: target += rate (source - target). 12 bytes and 3 flops a word.
#include "common.clh"
#include "words.clh"

__kernel GROUP(256) void polyak(__global const float* source,  // (words)
                                __global float* target,        // (words)
                                __global float* scratch, const Call call) {
  source = AT(source, 0);
  target = AT(target, 1);
  long i = FIRST_WORD, left = call.integers[0] - i;
  if (left <= 0) return;
  Words slow = load_words(target + i, left), fast = load_words(source + i, left);
  store_words(slow + call.numbers[0] * (fast - slow), target + i, left);
}
