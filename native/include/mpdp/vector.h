// Vectors of the instruction set's width through GCC's vector extensions: one source for all.
#pragma once
#include <cstdint>
#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {
namespace {

#if defined(__AVX512F__) || defined(MPDP_WIDE)
constexpr int kLanes = 16;
#elif defined(__AVX2__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

typedef float Vec __attribute__((vector_size(kLanes * 4), may_alias));
typedef int32_t IntVec __attribute__((vector_size(kLanes * 4), may_alias));
typedef float UnalignedVec __attribute__((vector_size(kLanes * 4), aligned(4), may_alias));

// Vectors of 16 have a narrower kind for what is left of a row after whole ones.
constexpr int kGrain = kLanes < 8 ? kLanes : 8;
typedef float NarrowVec __attribute__((vector_size(kGrain * 4), may_alias));
typedef int32_t NarrowIntVec __attribute__((vector_size(kGrain * 4), may_alias));

constexpr int64_t round_up(int64_t n, int64_t multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

MPDP_INLINE Vec load(const float* p) { return *reinterpret_cast<const UnalignedVec*>(p); }
MPDP_INLINE void store(float* p, Vec v) { *reinterpret_cast<UnalignedVec*>(p) = v; }

// A vector of the kind V, whole.
template <class V>
MPDP_INLINE V load_whole(const float* p) {
  V v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
template <class V>
MPDP_INLINE void store_whole(float* p, V v) {
  __builtin_memcpy(p, &v, sizeof v);
}

#if defined(__AVX512F__)
MPDP_INLINE __mmask16 lanes_below(int64_t n) { return static_cast<__mmask16>((1u << n) - 1); }
#endif

// The first n (1 .. kLanes) lanes; the others are 0.
MPDP_INLINE Vec load(const float* p, int64_t n) {
  if (n >= kLanes) return load(p);
#if defined(__AVX512F__)
  return _mm512_maskz_loadu_ps(lanes_below(n), p);
#else
  Vec v = {};
  for (int i = 0; i < n; i++) v[i] = p[i];
  return v;
#endif
}

MPDP_INLINE void store(float* p, Vec v, int64_t n) {
  if (n >= kLanes) return store(p, v);
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(p, lanes_below(n), v);
#else
  for (int i = 0; i < n; i++) p[i] = v[i];
#endif
}

// v with the lanes from n on set to 0.
MPDP_INLINE Vec first(Vec v, int64_t n) {
  if (n >= kLanes) return v;
#if defined(__AVX512F__)
  return _mm512_maskz_mov_ps(lanes_below(n), v);
#else
  for (int i = static_cast<int>(n); i < kLanes; i++) v[i] = 0;
  return v;
#endif
}

// body(c, lanes) for the vectors of n elements; `lanes` is the constant kLanes but for the last
// one.
template <class Body>
MPDP_INLINE void for_vectors(int64_t n, Body body) {
  int64_t c = 0;
  for (; c + kLanes <= n; c += kLanes) body(c, kLanes);
  if (c < n) body(c, n - c);
}

// The sum of the lanes, in a fixed order.
MPDP_INLINE float sum(Vec v) {
  float lanes[kLanes];
  store(lanes, v);
  for (int n = kLanes / 2; n > 0; n /= 2) {
    for (int i = 0; i < n; i++) lanes[i] += lanes[i + n];
  }
  return lanes[0];
}

// The larger and the smaller of v and c; NaN stays NaN. One instruction each.
MPDP_INLINE Vec at_least(Vec v, float c) {
  Vec bound = Vec{} + c;
#if defined(__AVX512F__)
  return _mm512_max_ps(bound, v);
#else
  return bound > v ? bound : v;
#endif
}
MPDP_INLINE Vec at_most(Vec v, float c) {
  Vec bound = Vec{} + c;
#if defined(__AVX512F__)
  return _mm512_min_ps(bound, v);
#else
  return bound < v ? bound : v;
#endif
}

// e^x within 2 ulp; saturates at e^-87 and e^88, NaN stays NaN. Cephes' expf: x = k ln 2 + f, then
// a polynomial in f.
MPDP_INLINE Vec exponential(Vec x) {
  x = at_most(at_least(x, -87.0f), 88.0f);
  const float round = 12582912.0f;  // 1.5 * 2^23: adding it rounds to an integer
  Vec k = (x * 1.44269504f + round) - round;
  Vec f = (x - k * 0.693359375f) + k * 2.12194440e-4f;
  Vec p = f * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * f + 8.3334519073e-3f;
  p = p * f + 4.1665795894e-2f;
  p = p * f + 1.6666665459e-1f;
  p = p * f + 0.5f;
  p = p * (f * f) + (f + 1.0f);
  IntVec exponent = (__builtin_convertvector(k, IntVec) + 127) << 23;
  return p * reinterpret_cast<Vec>(exponent);
}

// 1 / v within 1e-7 for finite v of at least 1; NaN stays NaN.
MPDP_INLINE Vec reciprocal(Vec v) {
#if defined(__AVX512F__)
  // 14 bits, then one step of Newton's: a third of the cycles of a division.
  Vec estimate = _mm512_rcp14_ps(v);
  return estimate + estimate * (1.0f - v * estimate);
#else
  return 1.0f / v;
#endif
}

// 1 / (1 + e^-x) within 3e-7; NaN stays NaN. Half the instructions of going through exponential():
// e^-x = 2^t is 2^f, by a minimax polynomial, with the integer part of t added to its exponent
// bits.
MPDP_INLINE Vec sigmoid(Vec x) {
  const float round = 12582912.0f;  // 1.5 * 2^23: adding it leaves an integer in the low bits
  Vec t = at_most(at_least(x * -1.44269504f, -126.0f), 126.0f);
  Vec shifted = t + round;
  Vec f = t - (shifted - round);
  Vec p = f * 1.327647013e-3f + 9.675541893e-3f;
  p = p * f + 5.550713465e-2f;
  p = p * f + 2.402212024e-1f;
  p = p * f + 6.931469440e-1f;
  p = p * f + 1.0f;
  IntVec power = reinterpret_cast<IntVec>(p) + (reinterpret_cast<IntVec>(shifted) << 23);
  return reciprocal(1.0f + reinterpret_cast<Vec>(power));
}

#if defined(__AVX512F__)
// The same within 3e-6 of its value, for what is rounded to bfloat16 (2e-3) at once: a shorter
// polynomial, and a scaling that needs one bound. Yet rougher ones, 1e-4 off, round so many
// units another way that it is half of bfloat16's own error in the end.
MPDP_INLINE Vec rough_sigmoid(Vec x) {
  const float round = 12582912.0f;
  Vec t = x * -1.44269504f, whole = (t + round) - round, f = t - whole;
  Vec p = f * 9.570100e-3f + 5.591786e-2f;
  p = p * f + 2.4024745e-1f;
  p = p * f + 6.9312181e-1f;
  p = p * f + 9.9999926e-1f;
  return reciprocal(1.0f + _mm512_scalef_ps(p, at_most(whole, 126.0f)));
}
#else
MPDP_INLINE Vec rough_sigmoid(Vec x) { return sigmoid(x); }
#endif

}  // namespace
}  // namespace mpdp::MPDP_ISA
