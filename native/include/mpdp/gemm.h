// Packed single-precision matrix products, sized for the register file.
//
// B (depth, columns) is packed in panels of panel_width() columns, zero padded; the panel of column
// j starts at word (depth + head) * j, where `head` rows (0, or 1 for a bias) precede the panel's
// depth rows. A block of kBlockRows x one panel stays in registers over the whole depth, so every
// result is one sum in the order of k, whatever the tiling.
#pragma once
#include "mpdp/bfloat16.h"

namespace mpdp::MPDP_ISA {
namespace {

#if defined(__AVX512F__) || defined(MPDP_WIDE)
constexpr int kBlockRows = 8, kBlockVectors = 3;  // 24 of 32 registers accumulate
#else
constexpr int kBlockRows = 6, kBlockVectors = 2;  // 12 of 16
#endif
constexpr int kPanel = kBlockVectors * kLanes;

// Width of the panel that starts with `left` columns to go.
MPDP_INLINE int64_t panel_width(int64_t left) {
  return left >= kPanel ? kPanel : round_up(left, kLanes);
}

MPDP_INLINE int64_t padded(int64_t columns) { return round_up(columns, kLanes); }

// One panel from row-major B: columns j .. j + width of `columns`.
inline void pack_panel(const float* b, int64_t depth, int64_t columns, int64_t j, float* panel) {
  int64_t width = panel_width(columns - j), n = columns - j < width ? columns - j : width;
  b += j;
  if (n == width) {
    for (int64_t k = 0; k < depth; k++, b += columns, panel += width) {
      for (int64_t i = 0; i < width; i += kLanes) store(panel + i, load(b + i));
    }
    return;
  }
  for (int64_t k = 0; k < depth; k++, b += columns, panel += width) {
    for (int64_t i = 0; i < width; i += kLanes) store(panel + i, load(b + i, n - i));
  }
}

// Asks for memory that is read soon, a few rows at a time while blocks are multiplied: all at once,
// its cache lines would wait for each other.
class Prefetch {
 public:
  Prefetch() = default;
  // `rows` rows of at most 64 bytes each, `columns` words of them wanted, `stride` words apart.
  Prefetch(const float* from, int64_t rows, int64_t columns, int64_t stride)
      : from_(from), left_(rows), last_(columns - 1), stride_(stride) {}
  // The panel at column j of row-major B (depth, columns).
  static Prefetch panel(const float* b, int64_t depth, int64_t columns, int64_t j) {
    return Prefetch(b + j, depth, panel_columns(columns, j), columns);
  }
  // The same of B's transpose, row-major (columns, depth): one run of memory.
  static Prefetch panel_transposed(const float* b, int64_t depth, int64_t columns, int64_t j) {
    return Prefetch(b + j * depth, panel_columns(columns, j) * depth / kLine + 1, 1, kLine);
  }
  // Rows to fetch with each of the blocks that `rows` rows are multiplied in.
  int64_t share(int64_t rows) const { return left_ * kBlockRows / rows + 1; }
  MPDP_INLINE void fetch(int64_t rows) {
    for (rows = rows < left_ ? rows : left_, left_ -= rows; rows > 0; rows--, from_ += stride_) {
      __builtin_prefetch(from_);
      if (last_ > 0) __builtin_prefetch(from_ + last_);
    }
  }

 private:
  static constexpr int64_t kLine = 16;
  static int64_t panel_columns(int64_t columns, int64_t j) {
    return columns - j < kPanel ? columns - j : kPanel;
  }
  const float* from_ = nullptr;
  int64_t left_ = 0, last_ = 0, stride_ = 0;
};

// Transposes kLanes vectors: lane i of vector k becomes lane k of vector i.
MPDP_INLINE void transpose(Vec* v) {
  IntVec low, high;
  for (int i = 0; i < kLanes; i++) {
    low[i] = i / 2 + (i % 2) * kLanes;
    high[i] = low[i] + kLanes / 2;
  }
#pragma GCC unroll 4
  for (int step = 1; step < kLanes; step *= 2) {
    Vec next[kLanes];
#pragma GCC unroll 8
    for (int i = 0; i < kLanes / 2; i++) {
      next[2 * i] = __builtin_shuffle(v[i], v[i + kLanes / 2], low);
      next[2 * i + 1] = __builtin_shuffle(v[i], v[i + kLanes / 2], high);
    }
#pragma GCC unroll 16
    for (int i = 0; i < kLanes; i++) v[i] = next[i];
  }
}

// kLanes rows from `from` on (depth words apart) become columns of `to` (width words apart).
MPDP_INLINE void transpose_block(const float* from, int64_t depth, float* to, int64_t width) {
  Vec v[kLanes];
#pragma GCC unroll 16
  for (int r = 0; r < kLanes; r++) v[r] = load(from + r * depth);
  transpose(v);
#pragma GCC unroll 16
  for (int c = 0; c < kLanes; c++) store(to + c * width, v[c]);
}

// One panel from B's transpose, row-major (columns, depth).
inline void pack_panel_transposed(const float* b, int64_t depth, int64_t columns, int64_t j,
                                  float* panel) {
  int64_t width = panel_width(columns - j);
  for (int64_t i = 0; i < width; i += kLanes) {
    int64_t rows = columns - j - i, k = 0;
    const float* from = b + (j + i) * depth;
    if (rows >= kLanes) {
      for (; k + kLanes <= depth; k += kLanes) {
        transpose_block(from + k, depth, panel + k * width + i, width);
      }
    }
    for (; k < depth; k++) {
      float* to = panel + k * width + i;
      for (int64_t r = 0; r < kLanes; r++) to[r] = r < rows ? from[r * depth + k] : 0.0f;
    }
  }
}

// A's element (i, k) of a block is at i * row + k * step; after kBlockRows rows, `far` words
// further.
struct Left {
  const float* a;
  int64_t row, step, far;
  MPDP_INLINE Left at(int64_t words) const { return {a + words, row, step, far}; }
};

// sum + a b, or sum + what the pairs of bfloat16 in the words give.
template <bool kPaired>
MPDP_INLINE Vec multiply_add(Vec sum, const float* a, Vec b) {
  if constexpr (kPaired) {
    int32_t word;
    __builtin_memcpy(&word, a, sizeof word);
    return add_pairs(sum, IntVec{} + word, reinterpret_cast<IntVec>(b));
  } else {
    return sum + *a * b;
  }
}

// C (R, V vectors) = start + A panel; depth is at least 1. Not inlined: inside a larger function
// the row offsets would spill.
template <int R, int V, bool kPaired>
[[gnu::noinline]] void block(Left left, const float* panel, int64_t depth, const float* start,
                             float* c, int64_t stride) {
  constexpr int kNear = R < kBlockRows ? R : kBlockRows;
  Vec sums[R][V];
  for (int j = 0; j < V; j++) {
    Vec first = start ? load(start + j * kLanes) : Vec{};
    for (int i = 0; i < R; i++) sums[i][j] = first;
  }
  const float *a = left.a, *far = a + left.far;
  do {
    Vec b[V];
    for (int j = 0; j < V; j++) b[j] = load(panel + j * kLanes);
#pragma GCC unroll 16
    for (int i = 0; i < kNear; i++) {
#pragma GCC unroll 4
      for (int j = 0; j < V; j++) {
        sums[i][j] = multiply_add<kPaired>(sums[i][j], a + i * left.row, b[j]);
      }
    }
#pragma GCC unroll 16
    for (int i = kNear; i < R; i++) {
      const float* row = far + (i - kNear) * left.row;
      for (int j = 0; j < V; j++) sums[i][j] = multiply_add<kPaired>(sums[i][j], row, b[j]);
    }
    a += left.step;
    far += left.step;
    panel += V * kLanes;
  } while (--depth > 0);
  for (int i = 0; i < R; i++) {
    for (int j = 0; j < V; j++) store(c + i * stride + j * kLanes, sums[i][j]);
  }
}

// Rows that one call of block_rows() computes when `left` are to go. A panel of one vector takes
// twice the rows: fewer sums than that wait for each other.
MPDP_INLINE int64_t block_height(int64_t left, int64_t width) {
  if (width == kLanes && left >= 2 * kBlockRows) return 2 * kBlockRows;
  return left >= kBlockRows ? kBlockRows : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

template <int V, bool kPaired>
inline void block_of_height(int64_t height, Left left, const float* panel, int64_t depth,
                            const float* start, float* c, int64_t stride) {
  switch (height) {
    case kBlockRows:
      return block<kBlockRows, V, kPaired>(left, panel, depth, start, c, stride);
    case 4:
      return block<4, V, kPaired>(left, panel, depth, start, c, stride);
    case 2:
      return block<2, V, kPaired>(left, panel, depth, start, c, stride);
    case 1:
      return block<1, V, kPaired>(left, panel, depth, start, c, stride);
  }
  if constexpr (V == 1) {
    block<2 * kBlockRows, V, kPaired>(left, panel, depth, start, c, stride);
  }
}

// block_height() rows of C = start + A panel. Where words are pairs, depth counts words.
template <bool kPaired = false>
inline void block_rows(int64_t height, int64_t width, Left left, const float* panel, int64_t depth,
                       const float* start, float* c, int64_t stride) {
  switch (width / kLanes) {
    case 1:
      return block_of_height<1, kPaired>(height, left, panel, depth, start, c, stride);
    case 2:
      return block_of_height<2, kPaired>(height, left, panel, depth, start, c, stride);
#if defined(__AVX512F__) || defined(MPDP_WIDE)
    case 3:
      return block_of_height<3, kPaired>(height, left, panel, depth, start, c, stride);
#endif
  }
}

// target (rows, columns) = or += source (rows, padded columns).
inline void put(const float* source, int64_t stride, int64_t rows, int64_t columns, bool add,
                float* target) {
  for (int64_t r = 0; r < rows; r++, source += stride, target += columns) {
    for (int64_t c = 0; c < columns; c += kLanes) {
      Vec v = load(source + c);
      store(target + c, add ? load(target + c, columns - c) + v : v, columns - c);
    }
  }
}

}  // namespace
}  // namespace mpdp::MPDP_ISA
