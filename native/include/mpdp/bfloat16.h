// Products of bfloat16 values, summed in float32. What is multiplied is rounded to nearest, ties to
// even. CPUs with AVX512_BF16 multiply pairs: two neighbours of a row of A and of a column of B are
// one word, and one instruction adds both products to a sum. Other CPUs multiply the rounded values
// as floats, which gives the same products and no speed.
#pragma once
#include "mpdp/vector.h"

namespace mpdp::MPDP_ISA {
namespace {

constexpr int32_t kHighHalf = -65536;

enum Products { kFloats, kRounded, kPairs };

#if defined(__AVX512F__)
constexpr bool kHasPairs = true;
inline bool multiplies_pairs() {
  static const bool supported = __builtin_cpu_supports("avx512bf16");
  return supported;
}
MPDP_INLINE Vec add_pairs(Vec sum, IntVec a, IntVec b) {
  asm("vdpbf16ps %2, %1, %0" : "+v"(sum) : "v"(a), "v"(b));
  return sum;
}
#else
#if defined(MPDP_WIDE)
constexpr bool kHasPairs = true;
#else
constexpr bool kHasPairs = false;
#endif
inline bool multiplies_pairs() { return kHasPairs; }
MPDP_INLINE Vec add_pairs(Vec sum, IntVec a, IntVec b) {
  sum += reinterpret_cast<Vec>(a & kHighHalf) * reinterpret_cast<Vec>(b & kHighHalf);
  return sum + reinterpret_cast<Vec>(a << 16) * reinterpret_cast<Vec>(b << 16);
}
#endif

// The nearest bfloat16 values; NaN stays NaN.
MPDP_INLINE IntVec nearest(Vec v) {
  IntVec bits = reinterpret_cast<IntVec>(v);
  IntVec rounded = (bits + 0x7FFF + (bits >> 16 & 1)) & kHighHalf;
  return v == v ? rounded : (bits & kHighHalf) | 0x400000;
}

// `words` floats rounded in place; the last vector may reach beyond them.
inline void round_floats(float* values, int64_t words) {
  for (int64_t i = 0; i < words; i += kLanes) {
    store(values + i, reinterpret_cast<Vec>(nearest(load(values + i))));
  }
}

// Columns 2 p and 2 p + 1 of each row of a (rows, n) as word p; a missing last column is 0.
inline void pair_columns(const float* a, int64_t lda, int64_t rows, int64_t n, float* to,
                         int64_t stride) {
  for (int64_t r = 0; r < rows; r++, a += lda, to += stride) {
    uint32_t* words = reinterpret_cast<uint32_t*>(to);
    float row[2 * kLanes];
    for (int64_t c = 0; c < n; c += 2 * kLanes) {
      store(row, reinterpret_cast<Vec>(nearest(load(a + c, n - c))));
      Vec high = n - c > kLanes ? load(a + c + kLanes, n - c - kLanes) : Vec{};
      store(row + kLanes, reinterpret_cast<Vec>(nearest(high)));
      for (int64_t p = 0; p < kLanes && c + 2 * p < n; p++) {
        uint32_t pair[2];
        __builtin_memcpy(pair, row + 2 * p, sizeof pair);
        words[c / 2 + p] = pair[0] >> 16 | pair[1];
      }
    }
  }
}

// Rows 2 p and 2 p + 1 of a panel (depth, width) as row p, in place; a missing last row is 0.
inline void pair_rows(float* panel, int64_t depth, int64_t width) {
  for (int64_t k = 0; k < depth; k += 2) {
    for (int64_t c = 0; c < width; c += kLanes) {
      const float* from = panel + k * width + c;
      IntVec low = nearest(load(from)),
             high = k + 1 < depth ? nearest(load(from + width)) : IntVec{};
      IntVec pair = (low >> 16 & 0xFFFF) | high;
      store(panel + k / 2 * width + c, reinterpret_cast<Vec>(pair));
    }
  }
}

}  // namespace
}  // namespace mpdp::MPDP_ISA
