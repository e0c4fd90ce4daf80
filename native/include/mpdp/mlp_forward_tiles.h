// A layer of mlp_forward by tile registers. While they multiply a block of 32 rows and 32 columns,
// the vector unit finishes the block before it: a few of its rows after each step of the depth,
// near enough for the core to have both in flight.
#pragma once
#include "mpdp/mlp_forward.h"

namespace mpdp::MPDP_ISA {
namespace {

// Weights from column j of W (in, out) on in pairs, zeros up to whole tiles.
Weights tiles_from(const float* weights, const float* bias, int64_t in, int64_t out, int64_t j,
                   float* memory) {
  int64_t n = out - j < kPairPanel ? out - j : kPairPanel, pairs = (in + 1) / 2;
  for (int64_t c = 0; c < kPairPanel; c += kLanes) {
    store(memory + c, n > c ? load(bias + j + c, n - c) : Vec{});
  }
  float* panel = memory + kPairPanel;
  pair_panel(weights, in, out, j, n, panel, kPairPanel);
  for (int64_t k = pairs * kPairPanel; k < paired_words(in) * kPairPanel; k += kLanes) {
    store(panel + k, Vec{});
  }
  return {{panel, kPairPanel}, memory};
}

// Where the results of a layer go, and what is done to them on the way.
struct TileResults {
  const Forward& f;
  bool pairs, activated;
  float* z;  // (count, stride)
  int64_t stride;
  float* derivative;  // of row 0 and column 0 on the tape

  // Rows [from, to) of a block whose first element is (r, j).
  void finish(const float* results, int64_t r, int64_t j, int64_t columns, int64_t from,
              int64_t to) const {
    if (from == to) return;
    results += from * kPairPanel;
    float* target = z + (r + from) * stride;
    float* slope = derivative + (r + from) * f.mlp.width + j;
    if (pairs) {
      int64_t word = j / 2;
      return activate_block(f, results, to - from, columns, target + word, stride - word, stride,
                            slope);
    }
    put(results, kPairPanel, to - from, columns, false, target + j, stride);
    if (activated) activate(f, target + j, stride, to - from, columns, slope);
  }
};

// As layer() in mlp_forward.cpp; a are pairs.
void layer_by_tiles(const Forward& f, int64_t m, int64_t l, int64_t row, int64_t count,
                    const float* a, int64_t lda, float* z, int64_t stride, float* memory) {
  int64_t in = f.mlp.in(l), out = f.mlp.out(l), words = paired_words(in), steps = words / kTile;
  const float* bias = f.parameters + f.mlp.bias(l) + (f.first + m) * out;
  Tape tape(f.mlp, f.tape, l, f.taped, f.rows);
  TileResults to = {f,
                    f.pairs_hidden(l),
                    l < f.mlp.layers && !f.mlp.norm,
                    z,
                    stride,
                    tape.derivative + f.place(m, row) * f.mlp.width};
  alignas(64) float results[2][2 * kTile * kPairPanel];
  for (int64_t j = 0; j < out; j += kPairPanel) {
    int64_t columns = out - j < kPairPanel ? out - j : kPairPanel, height = 0;
    Weights panel = tiles_from(f.weights(m, l), bias, in, out, j, memory);
    float *now = results[0], *before = results[1];
    for (int64_t r = 0; r < count; r += height) {
      int64_t waiting = height;
      height = tile_height(count - r);
      tile_rows_block(height, columns, a + r * lda, lda, panel.panel.words, words, panel.bias, now,
                      [&](int64_t step) {
                        to.finish(before, r - waiting, j, columns, waiting * step / steps,
                                  waiting * (step + 1) / steps);
                      });
      float* finished = before;
      before = now;
      now = finished;
    }
    to.finish(before, count - height, j, columns, 0, height);
  }
}

}  // namespace
}  // namespace mpdp::MPDP_ISA
