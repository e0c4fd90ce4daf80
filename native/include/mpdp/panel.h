// Panels: B (depth, columns) in strips of a few vectors, zero padded, as blocks of gemm.h read it.
//
// A panel is panel_width() columns wide; its rows follow each other.
#pragma once
#include "mpdp/vector.h"

namespace mpdp::MPDP_ISA {
namespace {

// Sums that stay in registers: 16 or 24 of 32, or 12 of 16. On Zen 4 more than 16 are no faster in
// themselves, and wider panels leave its first-level cache of 32 KB: 8 x 3 vectors took 3 % longer,
// 12 and 14 x 2 took 5 %. CPUs with tile registers have 48 KB, and threads that share a core: there
// 8 x 3 need fewer instructions for a product, and are 1.13 times as fast while the other thread
// runs.
#if defined(MPDP_TILES)
constexpr int kBlockVectors = 3;
#else
constexpr int kBlockVectors = 2;
#endif
constexpr int kBlockRows = kLanes == 16 ? 8 : 6;
constexpr int kPanel = kBlockVectors * kLanes;
constexpr int kPairPanel = 2 * kLanes;  // where pairs are multiplied

MPDP_INLINE int64_t padded(int64_t columns) { return round_up(columns, kGrain); }

// Width of the panel that starts with `left` columns to go: whole vectors, or the narrow one that
// ends a row.
MPDP_INLINE int64_t panel_width(int64_t left) {
  if (kBlockVectors == 3 && left == 4 * kLanes) return 2 * kLanes;  // not 3 and a slow single one
  if (left >= kPanel) return kPanel;
  int64_t rest = left % kLanes;
  if (kGrain == kLanes || rest == 0 || rest > kGrain) return round_up(left, kLanes);
  return left > kLanes ? left - rest : kGrain;
}

// One panel from row-major B: columns j .. j + width of `columns`.
inline void pack_panel(const float* b, int64_t depth, int64_t columns, int64_t j, float* panel) {
  int64_t width = panel_width(columns - j), n = columns - j < width ? columns - j : width;
  b += j;
  if (n == width && width >= kLanes) {
    for (int64_t k = 0; k < depth; k++, b += columns, panel += width) {
      for (int64_t i = 0; i < width; i += kLanes) store(panel + i, load(b + i));
    }
    return;
  }
  for (int64_t k = 0; k < depth; k++, b += columns, panel += width) {
    for (int64_t i = 0; i < width; i += kLanes) {
      int64_t lanes = width - i < kLanes ? width - i : kLanes;
      store(panel + i, load(b + i, n - i), lanes);
    }
  }
}

typedef float Quarter __attribute__((vector_size(16), aligned(4), may_alias));

// Words p .. p + 3, and where a vector is wider the same of the row 4 `stride` words further.
template <class V>
MPDP_INLINE V load_quarters(const float* p, int64_t stride) {
  Quarter low = *reinterpret_cast<const Quarter*>(p);
  if constexpr (sizeof(V) == sizeof(Quarter)) {
    return low;
  } else {
    Quarter high = *reinterpret_cast<const Quarter*>(p + 4 * stride);
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
  }
}

// Of each four words of a and b: the low or the high two, `kRun` of a and of b in turns.
template <int kRun, int kHigh>
MPDP_INLINE NarrowVec interleave(NarrowVec a, NarrowVec b) {
  NarrowIntVec pick;
  for (int i = 0; i < kGrain; i++) {
    int word = kRun == 1 ? i % 4 / 2 : i % 2, from_b = kRun == 1 ? i % 2 : i % 4 / 2;
    pick[i] = i / 4 * 4 + 2 * kHigh + word + from_b * kGrain;
  }
  return __builtin_shuffle(a, b, pick);
}

// kGrain whole rows from `from` on (depth words apart) become columns of `to` (width words apart),
// four columns at a time. With whole vectors it took nearly twice the cycles: here the loads put
// words into the half where they belong.
inline void transpose_rows(const float* from, int64_t depth, float* to, int64_t width) {
  int64_t k = 0;
  for (; k + 4 <= depth; k += 4, to += 4 * width) {
    NarrowVec r[4];
    for (int i = 0; i < 4; i++) r[i] = load_quarters<NarrowVec>(from + i * depth + k, depth);
    NarrowVec a = interleave<1, 0>(r[0], r[1]), b = interleave<1, 0>(r[2], r[3]);
    NarrowVec c = interleave<1, 1>(r[0], r[1]), d = interleave<1, 1>(r[2], r[3]);
    store_whole(to, interleave<2, 0>(a, b));
    store_whole(to + width, interleave<2, 1>(a, b));
    store_whole(to + 2 * width, interleave<2, 0>(c, d));
    store_whole(to + 3 * width, interleave<2, 1>(c, d));
  }
  for (; k < depth; k++, to += width) {
    for (int i = 0; i < kGrain; i++) to[i] = from[i * depth + k];
  }
}

// One panel from B's transpose, row-major (columns, depth).
inline void pack_panel_transposed(const float* b, int64_t depth, int64_t columns, int64_t j,
                                  float* panel) {
  int64_t width = panel_width(columns - j);
  for (int64_t i = 0; i < width; i += kGrain, panel += kGrain) {
    int64_t rows = columns - j - i;
    const float* from = b + (j + i) * depth;
    if (rows >= kGrain) {
      transpose_rows(from, depth, panel, width);
      continue;
    }
    for (int64_t k = 0; k < depth; k++) {
      for (int64_t r = 0; r < kGrain; r++) {
        panel[k * width + r] = r < rows ? from[r * depth + k] : 0.0f;
      }
    }
  }
}

// Asks for memory that is read soon, a few rows at a time while blocks are multiplied: all at once,
// its cache lines would wait for each other.
class Prefetch {
 public:
  Prefetch() = default;
  // `columns` words, at least 1, of each of `rows` rows that are `stride` words apart.
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
      for (int64_t c = 0; c < last_; c += kLine) __builtin_prefetch(from_ + c);
      __builtin_prefetch(from_ + last_);
    }
  }

 private:
  static constexpr int64_t kLine = 16;
  static int64_t panel_columns(int64_t columns, int64_t j) {
    int64_t width = panel_width(columns - j);
    return columns - j < width ? columns - j : width;
  }
  const float* from_ = nullptr;
  int64_t left_ = 0, last_ = 0, stride_ = 0;
};

}  // namespace
}  // namespace mpdp::MPDP_ISA
