// Global norm, clipping scale and the guard against non-finite gradients. Partial sums belong to
// chunks of 4096 words, so the norm is the same bits on every grid. A second sum, of squares scaled
// by 2^-128, takes over where the first one overflows. 4 bytes a word.
#define OP op_gradient_clip
#include "common.clh"
#include "words.clh"

#define CHUNK 4096

#if WORDS == 1
#define ITEMS 64  // of a chunk
#define CHUNK_SUM(v) group_sum(sum_words(v), work)
#else
#define ITEMS 1  // barriers would cost more than the sums
#define CHUNK_SUM(v) sum_words(v)
#endif

__kernel GROUP(ITEMS) void gradient_clip_squares(__global const float* gradients,  // (words)
                                                 __global float* clip,
                                                 __global float* scratch,  // (chunks, 2)
                                                 const Call call) {
#if ITEMS > 1
  __local float work[ITEMS];
#endif
  gradients = AT(gradients);
  long words = INTEGER(words), begin = get_group_id(0) * (long)CHUNK;
  int count = (int)min((long)CHUNK, words - begin);
  Words squares = (Words)(0.0f), scaled = (Words)(0.0f);
  for (int i = get_local_id(0) * WORDS; i < count; i += ITEMS * WORDS) {
    Words value = load_words(gradients + begin + i, count - i), small = value * 0x1p-64f;
    squares += value * value;
    scaled += small * small;
  }
  float sum = CHUNK_SUM(squares), scaled_sum = CHUNK_SUM(scaled);
  if (get_local_id(0) != 0) return;
  scratch[2 * get_group_id(0)] = sum;
  scratch[2 * get_group_id(0) + 1] = scaled_sum;
}

__kernel GROUP(64) void gradient_clip(__global const float* gradients,
                                      __global float* clip,     // scale, skip, steps, norm, skipped
                                      __global float* scratch,  // (chunks, 2)
                                      const Call call) {
  __local float work[64];
  clip = AT(clip);
  long chunks = (INTEGER(words) + CHUNK - 1) / CHUNK;
  float squares = 0.0f, scaled = 0.0f;
  for (long c = get_local_id(0); c < chunks; c += 64) {
    squares += scratch[2 * c];
    scaled += scratch[2 * c + 1];
  }
  squares = group_sum(squares, work);
  scaled = group_sum(scaled, work);
  if (get_local_id(0) != 0) return;
  float norm = squares < INFINITY ? sqrt(squares) : sqrt(scaled) * 0x1p64f;
  float maximum = NUMBER(max_norm);
  bool finite = norm < INFINITY;
  clip[0] = !finite ? 0.0f : maximum > 0.0f && norm > maximum ? maximum / norm : 1.0f;
  clip[1] = finite ? 0.0f : 1.0f;
  clip[2] += finite ? 1.0f : 0.0f;
  clip[3] = norm;
  clip[4] += finite ? 0.0f : 1.0f;
}
