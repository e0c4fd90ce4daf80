// Adam with L2 decay and bias correction; reads what gradient_clip left. One pass, 28 bytes a word.
// The first kernel, one item, leaves what is the same for all words in scratch: p -= rate (m / c1)
// / (sqrt(v / c2) + epsilon) becomes p -= (rate / c1) m / (sqrt(v) / sqrt(c2) + epsilon). 1 -
// beta^steps is -expm1(steps log beta): exact where float32 powers cancel.
#define OP op_adam
#include "common.clh"
#include "words.clh"

static inline float correction(float beta, float steps) {
  return -expm1(steps * log1p(beta - 1.0f));
}

__kernel GROUP(1) void adam_correction(__global const float* gradients,
                                       __global const float* clip,  // scale, skip, steps, ...
                                       __global float* parameters, __global float* first,
                                       __global float* second,
                                       __global float* scratch,  // rate / c1, 1 / sqrt(c2)
                                       const Call call) {
  clip = AT(clip);
  scratch[0] = NUMBER(learning_rate) / correction(NUMBER(beta1), clip[2]);
  scratch[1] = 1.0f / sqrt(correction(NUMBER(beta2), clip[2]));
}

__kernel GROUP(256) void adam(__global const float* gradients,  // (words)
                              __global const float* clip,       // scale, skip, steps, norm, skipped
                              __global float* parameters,       // (words)
                              __global float* first,            // (words)
                              __global float* second,           // (words)
                              __global const float* scratch,    // rate / c1, 1 / sqrt(c2)
                              const Call call) {
  gradients = AT(gradients);
  clip = AT(clip);
  parameters = AT(parameters);
  first = AT(first);
  second = AT(second);
  float beta1 = NUMBER(beta1), beta2 = NUMBER(beta2);
  long i = FIRST_WORD, left = INTEGER(words) - i;
  if (left <= 0 || clip[1] != 0.0f) return;
  Words p = load_words(parameters + i, left);
  Words gradient = clip[0] * load_words(gradients + i, left) + NUMBER(decay) * p;
  Words m = beta1 * load_words(first + i, left) + (1.0f - beta1) * gradient;
  Words v = beta2 * load_words(second + i, left) + (1.0f - beta2) * (gradient * gradient);
  store_words(m, first + i, left);
  store_words(v, second + i, left);
  p -= scratch[0] * m / (sqrt(v) * scratch[1] + NUMBER(epsilon));
  store_words(p, parameters + i, left);
}
