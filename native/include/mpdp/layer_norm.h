// LayerNorm of rows in place, forward and backward.
#pragma once
#include "mpdp/vector.h"

namespace mpdp::MPDP_ISA {
namespace {

constexpr int kNormRows = 4;
constexpr float kNormEpsilon = 1e-5f;

// R rows of z (n words, `stride` apart) in place: (z - mean) / std gain + shift. Several at once,
// because the sums of one row wait for each other. The normalised
// rows (n apart) and 1 / std are kept where asked for.
template <int R>
MPDP_INLINE void norm_forward(int64_t n, float* z, int64_t stride, const float* gain,
                              const float* shift, float* normalised, float* kept_inv_std) {
  Vec total[R] = {}, squares[R] = {};
  float mean[R], inv_std[R];
  for_vectors(n, [&](int64_t c, int64_t lanes) {
    for (int r = 0; r < R; r++) total[r] += load(z + r * stride + c, lanes);
  });
  for (int r = 0; r < R; r++) mean[r] = sum(total[r]) / n;
  for_vectors(n, [&](int64_t c, int64_t lanes) {
    for (int r = 0; r < R; r++) {
      Vec centred = first(load(z + r * stride + c, lanes) - mean[r], lanes);
      squares[r] += centred * centred;
    }
  });
  for (int r = 0; r < R; r++) {
    inv_std[r] = 1.0f / __builtin_sqrtf(sum(squares[r]) / n + kNormEpsilon);
    if (kept_inv_std) kept_inv_std[r] = inv_std[r];
  }
  for_vectors(n, [&](int64_t c, int64_t lanes) {
    Vec a = load(gain + c, lanes), b = load(shift + c, lanes);
    for (int r = 0; r < R; r++) {
      Vec v = (load(z + r * stride + c, lanes) - mean[r]) * inv_std[r];
      if (normalised) store(normalised + r * n + c, v, lanes);
      store(z + r * stride + c, v * a + b, lanes);
    }
  });
}

// One row of g (n words) in place: from the gradient of the output to that of the input. Adds to
// the sums for gain and shift, if there are any. One row at a time: several would read as many
// streams of memory at once, which costs more than their sums wait.
inline void norm_backward(int64_t n, float* g, const float* gain, const float* normalised,
                          float inv_std, float* gain_sum, float* shift_sum) {
  Vec total = {}, product = {};
  for_vectors(n, [&](int64_t c, int64_t lanes) {
    Vec v = load(g + c, lanes), u = load(normalised + c, lanes);
    if (gain_sum) {
      store(gain_sum + c, load(gain_sum + c, lanes) + v * u, lanes);
      store(shift_sum + c, load(shift_sum + c, lanes) + v, lanes);
    }
    v *= load(gain + c, lanes);
    total += v;
    product += v * u;
    store(g + c, v, lanes);
  });
  float mean = sum(total) / n, slope = sum(product) / n;
  for_vectors(n, [&](int64_t c, int64_t lanes) {
    Vec centred = load(g + c, lanes) - mean - load(normalised + c, lanes) * slope;
    store(g + c, inv_std * centred, lanes);
  });
}

}  // namespace
}  // namespace mpdp::MPDP_ISA
