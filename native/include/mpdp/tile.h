// Several short rows taken together as one flat run of elements, so that rows of 4 or 12 values
// still fill vector registers. Tiles start at multiples of `rows`, whatever the number of threads;
// flat runs are padded with zeros to whole vectors.
#pragma once
#include <cstdint>

#include "mpdp/math.h"

namespace mpdp::MPDP_ISA {

inline constexpr int64_t kVector = 16;  // floats in the widest vector
inline int64_t padded(int64_t n) { return (n + kVector - 1) / kVector * kVector; }

struct Tiling {
  static constexpr int64_t kElements = 128;
  int64_t width;   // elements in a row
  int64_t rows;    // rows in a full tile
  int64_t stride;  // floats that hold a full tile, padded

  explicit Tiling(int64_t row_width)
      : width(row_width),
        rows(row_width < kElements ? kElements / row_width : 1),
        stride(padded(rows * row_width)) {}

  // Gathers `count` rows, `step` floats apart, into a flat run.
  void pack(const float* __restrict from, int64_t step, int64_t count, float* __restrict to) const {
    int64_t n = count * width, run = step == width ? n : width;
    for (int64_t at = 0; at < n; at += run, from += step) {
      for (int64_t d = 0; d < run; d++) to[at + d] = from[d];
    }
    for (int64_t e = n; e < padded(n); e++) to[e] = 0.0f;
  }
  // Scatters a flat run back to rows, adding where `accumulate`.
  void unpack(const float* __restrict from, int64_t step, int64_t count, bool accumulate,
              float* __restrict to) const {
    int64_t n = count * width, run = step == width ? n : width;
    for (int64_t at = 0; at < n; at += run, to += step) {
      if (accumulate) {
        for (int64_t d = 0; d < run; d++) to[d] += from[at + d];
      } else {
        for (int64_t d = 0; d < run; d++) to[d] = from[at + d];
      }
    }
  }
  // The same row in every row of a full tile.
  void repeat(const float* row, float* to) const { pack(row, 0, rows, to); }
};

}  // namespace mpdp::MPDP_ISA
