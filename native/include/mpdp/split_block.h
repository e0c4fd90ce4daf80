// Blocks of split floats (split.h) multiplied by tile registers.
#pragma once
#include "mpdp/split.h"

namespace mpdp::MPDP_ISA {
namespace {

// As tile_block(), of split operands: `words` of highs of a row, then as many of lows.
template <int R, int N, class Aside>
inline void split_block(const float* a, int64_t lda, const float* panel, int64_t words,
                        const float* start, float* c, const Aside& aside) {
  auto add = [] {
    multiply_tiles<0, 4, 6>();
    if constexpr (N > 1) multiply_tiles<1, 4, 7>();
    if constexpr (R > 1) multiply_tiles<2, 5, 6>();
    if constexpr (R > 1 && N > 1) multiply_tiles<3, 5, 7>();
  };
  auto load_a = [lda](const float* from) {
    load_tile<4>(from, lda);
    if constexpr (R > 1) load_tile<5>(from + kTile * lda, lda);
  };
  auto load_b = [](const float* from) {
    load_tile<6>(from, kSplitPanel);
    if constexpr (N > 1) load_tile<7>(from + kTile, kSplitPanel);
  };
  load_sums<R, N>(start);
  const float* lows = panel + words * kSplitPanel;
  for (int64_t w = 0; w < words; w += kTile) {
    load_a(a + w);
    load_b(lows + w * kSplitPanel);
    add();
    load_b(panel + w * kSplitPanel);
    add();
    load_a(a + words + w);
    add();
    aside(w / kTile);
  }
  store_sums<R, N>(c);
}

// The same for tile_height() rows and up to kSplitPanel columns.
template <class Aside>
inline void split_rows_block(int64_t height, int64_t columns, const float* a, int64_t lda,
                             const float* panel, int64_t words, const float* start, float* c,
                             const Aside& aside) {
  bool wide = columns > kTile;
  auto run = height > kTile ? (wide ? split_block<2, 2, Aside> : split_block<2, 1, Aside>)
                            : (wide ? split_block<1, 2, Aside> : split_block<1, 1, Aside>);
  run(a, lda, panel, words, start, c, aside);
}

}  // namespace
}  // namespace mpdp::MPDP_ISA
