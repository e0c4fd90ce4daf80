// Products of bfloat16 values, summed in float32. What is multiplied is rounded to nearest, ties to
// even. CPUs with AVX512_BF16 multiply pairs: two neighbours of a row of A and of a column of B are
// one word, and one instruction adds both products to a sum; with AMX (tiles.h) one instruction
// does so for 16 x 16 sums. Other CPUs multiply the rounded values as floats, which gives the same
// products and no speed.
#pragma once
#include "mpdp/tiles.h"

namespace mpdp::MPDP_ISA {
namespace {

constexpr int32_t kHighHalf = -65536;

enum Products { kFloats, kRounded, kPairs, kTiles, kSplit };

// The nearest bfloat16 values; NaN stays NaN.
MPDP_INLINE IntVec nearest(Vec v) {
  IntVec bits = reinterpret_cast<IntVec>(v);
  IntVec rounded = (bits + 0x7FFF + (bits >> 16 & 1)) & kHighHalf;
  return v == v ? rounded : (bits & kHighHalf) | 0x400000;
}

// Lanes first, first + step, ... of the 2 kLanes that a and b have together.
template <int kFirst, int kStep>
MPDP_INLINE Vec lanes_of(Vec a, Vec b) {
  IntVec index;
  for (int i = 0; i < kLanes; i++) index[i] = kFirst + i * kStep;
  return __builtin_shuffle(a, b, index);
}
// Lane i of a and of b side by side, for kLanes / 2 lanes from `from` on.
template <int kFrom>
MPDP_INLINE Vec interleaved(Vec a, Vec b) {
  IntVec index;
  for (int i = 0; i < kLanes; i++) index[i] = kFrom + i / 2 + i % 2 * kLanes;
  return __builtin_shuffle(a, b, index);
}

// add_pairs: the sum, and both products of the pair that a points to with each pair of b.
// pair_neighbours: lanes 2 p and 2 p + 1 of low, then high, as word p.
#if defined(__AVX512F__)
constexpr bool kHasPairs = true;
inline bool multiplies_pairs() {
  static const bool supported = __builtin_cpu_supports("avx512bf16");
  return supported;
}
// In assembler, because not every CPU with AVX-512 has these instructions: the compiler must not
// use them elsewhere.
template <class V>
MPDP_INLINE V add_pairs(V sum, const float* a, V b) {
  int32_t word;
  __builtin_memcpy(&word, a, sizeof word);
  auto words = decltype(sum < sum){} + word;
  asm("vdpbf16ps %2, %1, %0" : "+v"(sum) : "v"(words), "v"(b));
  return sum;
}
MPDP_INLINE Vec pair_neighbours(Vec low, Vec high) {
  Vec words;
  asm("vcvtne2ps2bf16 %1, %2, %0" : "=v"(words) : "v"(low), "v"(high));
  return words;
}
#else
#if defined(MPDP_WIDE)
constexpr bool kHasPairs = true;
#else
constexpr bool kHasPairs = false;
#endif
inline bool multiplies_pairs() { return kHasPairs; }
template <class V>
MPDP_INLINE V add_pairs(V sum, const float* a, V b) {
  using Words = decltype(sum < sum);
  int32_t word;
  __builtin_memcpy(&word, a, sizeof word);
  Words left = Words{} + word, right = reinterpret_cast<Words>(b);
  sum += reinterpret_cast<V>(left & kHighHalf) * reinterpret_cast<V>(right & kHighHalf);
  return sum + reinterpret_cast<V>(left << 16) * reinterpret_cast<V>(right << 16);
}
MPDP_INLINE Vec pair_neighbours(Vec low, Vec high) {
  IntVec first = nearest(lanes_of<0, 2>(low, high)), second = nearest(lanes_of<1, 2>(low, high));
  return reinterpret_cast<Vec>((first >> 16 & 0xFFFF) | second);
}
#endif

// `words` floats rounded in place; the last vector may reach beyond them.
inline void round_floats(float* values, int64_t words) {
  for (int64_t i = 0; i < words; i += kLanes) {
    store(values + i, reinterpret_cast<Vec>(nearest(load(values + i))));
  }
}

// Words of a row of n values in pairs: whole vectors.
MPDP_INLINE int64_t paired_words(int64_t n) { return round_up(n, 2 * kLanes) / 2; }

// Columns 2 p and 2 p + 1 of each row of a (rows, n) as word p of paired_words(n); what is missing
// is 0.
inline void pair_columns(const float* a, int64_t lda, int64_t rows, int64_t n, float* to) {
  for (int64_t r = 0; r < rows; r++, a += lda) {
    for (int64_t c = 0; c < n; c += 2 * kLanes, to += kLanes) {
      Vec low = load(a + c, n - c);
      Vec high = n - c > kLanes ? load(a + c + kLanes, n - c - kLanes) : Vec{};
      store(to, pair_neighbours(low, high));
    }
  }
}

// Rows 2 p and 2 p + 1 of columns j .. j + n of B (depth, columns) as row p of a panel of `width`
// columns; a missing last row is 0.
inline void pair_panel(const float* b, int64_t depth, int64_t columns, int64_t j, int64_t n,
                       float* panel, int64_t width) {
  for (int64_t k = 0; k < depth; k += 2, panel += width) {
    const float* row = b + k * columns + j;
    for (int64_t c = 0; c < n; c += kLanes) {
      Vec even = load(row + c, n - c);
      Vec odd = k + 1 < depth ? load(row + columns + c, n - c) : Vec{};
      Vec low = interleaved<0>(even, odd), high = interleaved<kLanes / 2>(even, odd);
      store(panel + c, pair_neighbours(low, high), width - c);
    }
  }
}

}  // namespace
}  // namespace mpdp::MPDP_ISA
