// A layer of mlp_forward by tile registers. While they multiply a block of 32 rows and 32 columns,
// the vector unit finishes the block before it: a few of its rows after each step of the depth,
// near enough for the core to have both in flight.
#pragma once
#include "mpdp/mlp_forward.h"
#include "mpdp/split_block.h"

namespace mpdp::MPDP_ISA {
namespace {

// Weights from column j of W (in, out) on in pairs, split or rounded, zeros up to whole tiles.
Weights tiles_from(const Forward& f, const float* weights, const float* bias, int64_t in,
                   int64_t out, int64_t j, float* memory) {
  int64_t n = out - j < kPairPanel ? out - j : kPairPanel, pairs = (in + 1) / 2;
  for (int64_t c = 0; c < kPairPanel; c += kLanes) {
    store(memory + c, n > c ? load(bias + j + c, n - c) : Vec{});
  }
  float* panel = memory + kPairPanel;
  if (f.split()) {
    split_panel(weights, in, out, j, panel);
    return {{panel, kSplitPanel}, memory};
  }
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

// What comes after, or with, columns j on of layer l, asked for while split floats are multiplied:
// the next weights, and where the tape is written.
class Ahead {
 public:
  Ahead(const Forward& f, int64_t m, int64_t l, int64_t count, int64_t j, const TileResults& to) {
    if (!f.split()) return;
    weights_ = after(f, m, l, j + kSplitPanel);
    share_ = weights_.share(count);
    if (l == f.mlp.layers || !f.tape) return;
    int64_t columns = columns_from(f.mlp.out(l), j);
    if (f.keeps_hidden) h_ = Prefetch(to.z + j, count, columns, to.stride);
    if (f.mlp.silu) derivative_ = Prefetch(to.derivative + j, count, columns, f.mlp.width);
  }
  void fetch(int64_t rows) {
    weights_.fetch(share_ * rows / kBlockRows);
    h_.fetch(rows);
    derivative_.fetch(rows);
  }

 private:
  static int64_t columns_from(int64_t out, int64_t j) {
    return out - j < kSplitPanel ? out - j : kSplitPanel;
  }
  static Prefetch after(const Forward& f, int64_t m, int64_t l, int64_t j) {
    if (j >= f.mlp.out(l)) {
      if (l == f.mlp.layers) return Prefetch();
      l++;
      j = 0;
    }
    int64_t out = f.mlp.out(l);
    return Prefetch(f.weights(m, l) + j, f.mlp.in(l), columns_from(out, j), out);
  }
  Prefetch weights_, h_, derivative_;
  int64_t share_ = 0;
};

// As layer() in mlp_forward.cpp; a are pairs, or split.
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
    Weights panel = tiles_from(f, f.weights(m, l), bias, in, out, j, memory);
    Ahead ahead(f, m, l, count, j, to);
    float *now = results[0], *before = results[1];
    for (int64_t r = 0; r < count; r += height) {
      int64_t waiting = height;
      height = tile_height(count - r);
      ahead.fetch(height);
      auto finish = [&](int64_t step) {
        to.finish(before, r - waiting, j, columns, waiting * step / steps,
                  waiting * (step + 1) / steps);
      };
      auto run = f.split() ? split_rows_block<decltype(finish)> : tile_rows_block<decltype(finish)>;
      run(height, columns, a + r * lda, lda, panel.panel.words, words, panel.bias, now, finish);
      float* finished = before;
      before = now;
      now = finished;
    }
    to.finish(before, count - height, j, columns, 0, height);
  }
}

}  // namespace
}  // namespace mpdp::MPDP_ISA
