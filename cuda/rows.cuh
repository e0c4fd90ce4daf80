// How threads meet rows. Rows here are short (1 to 50 values), so a thread takes one element of a
// matrix, and neighbours read neighbouring words; where a row's elements are summed, a block takes
// as many whole rows as fit.
#pragma once
#include "common.cuh"

namespace mpdp {

// Element i of a matrix of `width` columns. 32 bits: a division of 64-bit numbers costs as much as
// a random draw. The launch table refuses larger matrices.
struct Place {
  int64_t row;
  int column;
};
MPDP_DEVICE Place place_of(int64_t i, int64_t width) {
  uint32_t n = static_cast<uint32_t>(i), w = static_cast<uint32_t>(width), row = n / w;
  return {static_cast<int64_t>(row), static_cast<int>(n - row * w)};
}

// Those of the items 0, 1, 2, ... that a thread or a warp has:
//   for (int64_t i : share.elements(present, width)) ...
class Items {
 public:
  struct Iterator {
    int64_t at, stride;

    MPDP_DEVICE int64_t operator*() const { return at; }
    MPDP_DEVICE void operator++() { at += stride; }
    MPDP_DEVICE bool operator!=(const Iterator& end) const { return at < end.at; }
  };

  MPDP_DEVICE Items(int64_t first, int64_t end, int64_t stride)
      : first_(first), end_(end), stride_(stride) {}
  MPDP_DEVICE Iterator begin() const { return {first_, stride_}; }
  MPDP_DEVICE Iterator end() const { return {end_, stride_}; }

 private:
  int64_t first_, end_, stride_;
};

// Rows of which a thread or a warp takes its share. An op on rows is written once for both kinds,
// as
//   template <typename Share> MPDP_DEVICE void run(const Call& call, const Share& share);
// a kernel of its own lets the whole grid stride over all rows, in a chain a block has its own.
struct GridShare {
  // A thread for each element of a (present, width) matrix.
  MPDP_DEVICE Items elements(int64_t present, int64_t width) const {
    return {first_item(), present * width, item_stride()};
  }
  // A warp for each row.
  MPDP_DEVICE Items warps(int64_t present) const { return {first_warp(), present, warp_stride()}; }
};

struct BlockShare {
  int64_t begin, end;  // of the block's rows

  // Equal parts of all `rows`, whether they are present or not.
  explicit MPDP_DEVICE BlockShare(int64_t rows) {
    uint32_t all = static_cast<uint32_t>(rows), share = (all + gridDim.x - 1) / gridDim.x;
    begin = static_cast<int64_t>(blockIdx.x) * share;
    end = begin + share < rows ? begin + share : rows;
  }
  MPDP_DEVICE int64_t last(int64_t present) const { return end < present ? end : present; }
  MPDP_DEVICE Items elements(int64_t present, int64_t width) const {
    return {begin * width + threadIdx.x, last(present) * width, blockDim.x};
  }
  MPDP_DEVICE Items warps(int64_t present) const {
    return {begin + threadIdx.x / 32, last(present), blockDim.x / 32};
  }
};

// A block's rows of `width` values: thread t has row t div width, column t mod width; a row wider
// than the block is taken in steps. The launch table gives a block no more rows than fit.
template <int kThreads>
struct RowPack {
  int width, step;  // of a row, distance of a thread's columns
  int64_t row;
  int column;
  bool active;  // has a row that is present

  MPDP_DEVICE RowPack(int64_t row_width, const BlockShare& share, int64_t present)
      : width(static_cast<int>(row_width)), step(width < kThreads ? width : kThreads) {
    int thread = static_cast<int>(threadIdx.x), mine = thread / step;
    row = share.begin + mine;
    column = thread - mine * step;
    active = row < share.last(present);
  }

  // The sum of the row's terms, one of each of its threads, in column order and double. All threads
  // call it; those of an absent row get something else. `terms` is shared: (kThreads).
  MPDP_DEVICE double sum(float* terms, float term) const {
    int thread = static_cast<int>(threadIdx.x), first = thread - column;
    terms[thread] = term;
    __syncthreads();
    double total = 0;
    for (int i = 0; active && i < step; i++) total += static_cast<double>(terms[first + i]);
    return total;
  }
};

}  // namespace mpdp
