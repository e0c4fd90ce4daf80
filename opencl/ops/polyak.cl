// Target network: target += rate (source - target). 12 bytes and 3 flops a word.
#define OP op_polyak
#include "common.clh"
#include "words.clh"

__kernel GROUP(256) void polyak(__global const float* source,  // (words)
                                __global float* target,        // (words)
                                __global float* scratch, const Call call) {
  source = AT(source);
  target = AT(target);
  long i = FIRST_WORD, left = INTEGER(words) - i;
  if (left <= 0) return;
  Words slow = load_words(target + i, left), fast = load_words(source + i, left);
  store_words(slow + NUMBER(rate) * (fast - slow), target + i, left);
}
