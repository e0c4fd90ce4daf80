// Adam with L2 decay and bias correction; reads what gradient_clip left. One pass, 28 bytes a word.
// The first kernel, one item, leaves what is the same for all words in scratch: p -= rate (m / c1)
// / (sqrt(v / c2) + epsilon) becomes p -= (rate / c1) m / (sqrt(v) / sqrt(c2) + epsilon). 1 -
// beta^steps is -expm1(steps log beta): exact where float32 powers cancel.
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
  clip = AT(clip, 1);
  scratch[0] = call.numbers[0] / correction(call.numbers[1], clip[2]);
  scratch[1] = 1.0f / sqrt(correction(call.numbers[2], clip[2]));
}

__kernel GROUP(256) void adam(__global const float* gradients,  // (words)
                              __global const float* clip,       // scale, skip, steps, norm, skipped
                              __global float* parameters,       // (words)
                              __global float* first,            // (words)
                              __global float* second,           // (words)
                              __global const float* scratch,    // rate / c1, 1 / sqrt(c2)
                              const Call call) {
  gradients = AT(gradients, 0);
  clip = AT(clip, 1);
  parameters = AT(parameters, 2);
  first = AT(first, 3);
  second = AT(second, 4);
  float beta1 = call.numbers[1], beta2 = call.numbers[2];
  long i = FIRST_WORD, left = call.integers[0] - i;
  if (left <= 0 || clip[1] != 0.0f) return;
  Words p = load_words(parameters + i, left);
  Words gradient = clip[0] * load_words(gradients + i, left) + call.numbers[4] * p;
  Words m = beta1 * load_words(first + i, left) + (1.0f - beta1) * gradient;
  Words v = beta2 * load_words(second + i, left) + (1.0f - beta2) * (gradient * gradient);
  store_words(m, first + i, left);
  store_words(v, second + i, left);
  p -= scratch[0] * m / (sqrt(v) * scratch[1] + call.numbers[3]);
  store_words(p, parameters + i, left);
}
