// target = source. 8 bytes a word.
#define OP op_copy
#include "common.clh"
#include "words.clh"

__kernel GROUP(256) void copy(__global const float* source,  // (words)
                              __global float* target,        // (words)
                              __global float* scratch, const Call call) {
  source = AT(source);
  target = AT(target);
  long i = FIRST_WORD, left = INTEGER(words) - i;
  if (left > 0) store_words(load_words(source + i, left), target + i, left);
}
