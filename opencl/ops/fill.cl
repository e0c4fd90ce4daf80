// target = value. 4 bytes a word.
#define OP op_fill
#include "common.clh"
#include "words.clh"

__kernel GROUP(256) void fill(__global float* target,  // (words)
                              __global float* scratch, const Call call) {
  target = AT(target);
  long i = FIRST_WORD, left = INTEGER(words) - i;
  if (left > 0) store_words((Words)(NUMBER(value)), target + i, left);
}
