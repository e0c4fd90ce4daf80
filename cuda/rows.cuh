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

// Whole rows of a block of kThreads threads: thread t has row t div width, column t mod width; a
// row wider than the block is taken in steps. The launch table's packed() has the same arithmetic.
template <int kThreads>
struct RowPack {
  int width, rows, step;  // of a row, rows in a block, distance of a thread's columns
  int64_t row;
  int column;
  bool active;  // has a row that is present

  MPDP_DEVICE RowPack(int64_t row_width, int64_t present)
      : width(static_cast<int>(row_width)),
        rows(width < kThreads ? kThreads / width : 1),
        step(width < kThreads ? width : kThreads) {
    int thread = static_cast<int>(threadIdx.x), mine = thread / step;
    row = static_cast<int64_t>(blockIdx.x) * rows + mine;
    column = thread - mine * step;
    active = mine < rows && row < present;
  }

  // Whether no row of this block is present: all its threads may leave.
  MPDP_DEVICE bool idle(int64_t present) const {
    return static_cast<int64_t>(blockIdx.x) * rows >= present;
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
