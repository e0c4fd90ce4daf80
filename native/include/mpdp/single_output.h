// The products of a layer with one output, as critics have: a panel of one column would compute a
// whole vector of them.
#pragma once
#include "mpdp/vector.h"

namespace mpdp::MPDP_ISA {
namespace {

// y[r * stride] = start + a_r . w for R rows of n words, `lda` apart.
template <int R>
MPDP_INLINE void dot_rows(const float* a, int64_t lda, int64_t n, const float* w, float start,
                          float* y, int64_t stride) {
  Vec sums[R][2] = {};
  int64_t c = 0;
  for (; c + 2 * kLanes <= n; c += 2 * kLanes) {
    Vec w0 = load(w + c), w1 = load(w + c + kLanes);
    for (int r = 0; r < R; r++) {
      sums[r][0] += load(a + r * lda + c) * w0;
      sums[r][1] += load(a + r * lda + c + kLanes) * w1;
    }
  }
  for (; c < n; c += kLanes) {
    Vec last = load(w + c, n - c);
    for (int r = 0; r < R; r++) sums[r][0] += load(a + r * lda + c, n - c) * last;
  }
  for (int r = 0; r < R; r++) y[r * stride] = start + sum(sums[r][0] + sums[r][1]);
}

// One output: y (rows), `stride` words apart, from a (rows, n).
inline void multiply_single(const float* a, int64_t lda, int64_t rows, int64_t n, const float* w,
                            float bias, float* y, int64_t stride) {
  constexpr int kRows = 4;
  int64_t r = 0;
  for (; r + kRows <= rows; r += kRows) {
    dot_rows<kRows>(a + r * lda, lda, n, w, bias, y + r * stride, stride);
  }
  for (; r < rows; r++) dot_rows<1>(a + r * lda, lda, n, w, bias, y + r * stride, stride);
}

// start + the sum of dz: the gradient of the bias.
inline float sum_single(const float* dz, int64_t rows, float start) {
  for (int64_t r = 0; r < rows; r++) start += dz[r];
  return start;
}

// g = dz w for one row: what w^T makes of the gradient of the only output.
MPDP_INLINE void spread_single(float dz, const float* w, int64_t n, float* g) {
  for_vectors(n, [&](int64_t c, int64_t lanes) { store(g + c, dz * load(w + c, lanes), lanes); });
}

// V vectors of dw, or n words: = or += sum over rows of dz[r] x[r].
template <int V>
MPDP_INLINE void gather_columns(const float* x, int64_t stride, int64_t rows, const float* dz,
                                bool add, float* dw, int64_t n) {
  Vec sums[V];
  for (int v = 0; v < V; v++) sums[v] = add ? load(dw + v * kLanes, n - v * kLanes) : Vec{};
  for (int64_t r = 0; r < rows; r++) {
    for (int v = 0; v < V; v++) {
      sums[v] += dz[r] * load(x + r * stride + v * kLanes, n - v * kLanes);
    }
  }
  for (int v = 0; v < V; v++) store(dw + v * kLanes, sums[v], n - v * kLanes);
}

// dw (n) = or += x^T dz with x (rows, n), `stride` words apart.
inline void weights_single(const float* x, int64_t stride, int64_t rows, int64_t n, const float* dz,
                           bool add, float* dw) {
  constexpr int kVectors = 8;
  int64_t c = 0;
  for (; c + kVectors * kLanes <= n; c += kVectors * kLanes) {
    gather_columns<kVectors>(x + c, stride, rows, dz, add, dw + c, kVectors * kLanes);
  }
  for (; c < n; c += kLanes) gather_columns<1>(x + c, stride, rows, dz, add, dw + c, n - c);
}

}  // namespace
}  // namespace mpdp::MPDP_ISA
