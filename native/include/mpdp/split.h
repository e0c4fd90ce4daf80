// Products of floats by tile registers. A float is split into a high half, the nearest bfloat16
// value, and a low half, the nearest to what is left: 16 to 17 bits of its 24. Of the four products
// of halves the three larger ones are summed. Halves lie in pairs as in bfloat16.h: a row or a
// panel of highs, then the same of lows, zeros up to whole tiles.
#pragma once
#include "mpdp/activation.h"
#include "mpdp/transpose.h"

namespace mpdp::MPDP_ISA {
namespace {

#if defined(MPDP_SPLIT)
constexpr bool kHasSplit = true;
#else
constexpr bool kHasSplit = false;
#endif
constexpr int kSplitPanel = kPairPanel;  // columns
constexpr int64_t kFewSplit = 32;        // rows of a member that splitting the weights is not worth

// Whether a network's `rows` are multiplied so: decided by sizes that are known when it is
// recorded.
MPDP_INLINE bool splits(int64_t rows, bool routed, int64_t members) {
  return kHasSplit && rows >= (routed ? members : 1) * kFewSplit;
}

// Words of a row whose n values are split, and of a panel of such a depth.
MPDP_INLINE int64_t split_words(int64_t n) { return 2 * paired_words(n); }

// The nearest bfloat16 values, ties away from zero; NaN stays NaN.
MPDP_INLINE IntVec nearest_half(Vec v) {
  IntVec bits = reinterpret_cast<IntVec>(v);
  return v == v ? (bits + 0x8000) & kHighHalf : bits | 0x400000;
}
// Where v is infinite the low half is NaN, and so are sums that it is part of.
MPDP_INLINE Vec rest_of(Vec v, IntVec high) { return v - reinterpret_cast<Vec>(high); }
MPDP_INLINE Vec pair_of(IntVec even, IntVec odd) {
  return reinterpret_cast<Vec>((even >> 16 & 0xFFFF) | (odd & kHighHalf));
}
// Lane by lane, pairs of `even` and `odd`: highs and lows.
MPDP_INLINE void split_pair(Vec even, Vec odd, Vec* high, Vec* low) {
  IntVec even_high = nearest_half(even), odd_high = nearest_half(odd);
  *high = pair_of(even_high, odd_high);
  *low = pair_of(nearest_half(rest_of(even, even_high)), nearest_half(rest_of(odd, odd_high)));
}

// Values 2 p and 2 p + 1 of `from` as word p of 16, of n that are left.
MPDP_INLINE void split_neighbours(const float* from, int64_t n, Vec* high, Vec* low) {
  Vec a = load(from, n), b = n > kLanes ? load(from + kLanes, n - kLanes) : Vec{};
  split_pair(lanes_of<0, 2>(a, b), lanes_of<1, 2>(a, b), high, low);
}

// Rows of a (rows, n), each split_words(n) words further.
inline void split_rows(const float* a, int64_t lda, int64_t rows, int64_t n, float* to) {
  int64_t words = paired_words(n);
  for (int64_t r = 0; r < rows; r++, a += lda, to += words) {
    for (int64_t c = 0; c < n; c += 2 * kLanes, to += kLanes) {
      Vec high, low;
      split_neighbours(a + c, n - c, &high, &low);
      store(to, high);
      store(to + words, low);
    }
  }
}

// Activates `rows` x `columns` of z, a block's results, and splits them: highs go to `words`, in
// rows of `stride` words.
template <bool kSilu, bool kKeep>
void activate_split(const float* z, int64_t rows, int64_t columns, float* words, int64_t stride,
                    float* derivative, int64_t width) {
  for (; rows > 0; rows--, z += kSplitPanel, words += stride, derivative += width) {
    int64_t rest = columns - kLanes;
    Vec a = activated<kSilu, kKeep>(load(z, columns), derivative, columns), b = {};
    if (rest > 0) b = activated<kSilu, kKeep>(load(z + kLanes, rest), derivative + kLanes, rest);
    Vec high, low;
    split_pair(lanes_of<0, 2>(a, b), lanes_of<1, 2>(a, b), &high, &low);
    store(words, high);
    store(words + stride / 2, low);
  }
}

// Columns j on of B (depth, columns), pairs along the depth.
inline void split_panel(const float* b, int64_t depth, int64_t columns, int64_t j, float* panel) {
  int64_t n = columns - j < kSplitPanel ? columns - j : kSplitPanel, words = paired_words(depth);
  float* lows = panel + words * kSplitPanel;
  for (int64_t k = 0; k < 2 * words; k += 2, panel += kSplitPanel, lows += kSplitPanel) {
    const float* row = b + k * columns + j;
    for (int64_t c = 0; c < kSplitPanel; c += kLanes) {
      Vec high = {}, low = {};
      if (c < n && k < depth) {
        Vec even = load(row + c, n - c);
        Vec odd = k + 1 < depth ? load(row + columns + c, n - c) : Vec{};
        split_pair(even, odd, &high, &low);
      }
      store(panel + c, high);
      store(lows + c, low);
    }
  }
}

// The panel of split_panel() from B's transpose, row-major (columns, depth).
inline void split_panel_transposed(const float* b, int64_t depth, int64_t columns, int64_t j,
                                   float* panel) {
  int64_t words = paired_words(depth);
  for (int64_t c = 0; c < kSplitPanel; c += kTile) {
    int64_t rows = columns - j - c;
    const float* from = b + (j + c) * depth;
    for (int64_t w = 0; w < words; w += kTile) {
      Vec high[kTile], low[kTile];
      for (int64_t i = 0; i < kTile; i++) {
        high[i] = low[i] = Vec{};
        if (i >= rows) continue;
        split_neighbours(from + i * depth + 2 * w, depth - 2 * w, &high[i], &low[i]);
      }
      store_transposed(high, panel + w * kSplitPanel + c, kSplitPanel);
      store_transposed(low, panel + (words + w) * kSplitPanel + c, kSplitPanel);
    }
  }
}

// X^T, pairs along the depth: rows of split_words(depth) + kTile words, so that few of a tile's
// rows share a set of the cache.
MPDP_INLINE int64_t split_stride(int64_t depth) { return split_words(depth) + kTile; }
inline void split_transposed(const float* x, int64_t stride, int64_t depth, int64_t columns,
                             float* to) {
  int64_t words = paired_words(depth), pitch = split_stride(depth);
  for (int64_t w = 0; w < words; w += kTile) {
    for (int64_t i = 0; i < columns; i += kTile) {
      Vec high[kTile], low[kTile];
      for (int64_t r = 0; r < kTile; r++) {
        int64_t k = 2 * (w + r), left = columns - i;
        const float* row = x + k * stride + i;
        Vec even = k < depth ? load(row, left) : Vec{};
        Vec odd = k + 1 < depth ? load(row + stride, left) : Vec{};
        split_pair(even, odd, &high[r], &low[r]);
      }
      store_transposed(high, to + i * pitch + w, pitch);
      store_transposed(low, to + i * pitch + words + w, pitch);
    }
  }
}

}  // namespace
}  // namespace mpdp::MPDP_ISA
