// mlp_backward's products of split floats (split.h): one layer of phase 1, and one task of phase 2.
#pragma once
#include "mpdp/mlp_backward.h"
#include "mpdp/split_block.h"

namespace mpdp::MPDP_ISA {
namespace {

alignas(64) constexpr float kZeros[kSplitPanel] = {};

// g (rows, columns) = block (rows, kSplitPanel), times the slope of SiLU or where ReLU was open;
// `kept` is the tape's, or null.
void finish_gradient(const float* block, int64_t rows, int64_t columns, const float* kept,
                     int64_t width, bool silu, float* g, int64_t stride) {
  if (!kept) return put(block, kSplitPanel, rows, columns, false, g, stride);
  for (; rows > 0; rows--, block += kSplitPanel, kept += width, g += stride) {
    for_vectors(columns, [&](int64_t c, int64_t lanes) {
      Vec v = load(block + c, lanes), k = load(kept + c, lanes), zero = {};
      store(g + c, silu ? v * k : k > zero ? v : zero, lanes);
    });
  }
}

// The W^T panel that follows column j of layer l.
Prefetch transposed_after(const Backward& b, int64_t m, int64_t l, int64_t j) {
  j += kSplitPanel;
  if (j >= b.mlp.in(l)) {
    if (l == b.last_layer()) return Prefetch();
    l--;
    j = 0;
  }
  int64_t in = b.mlp.in(l), out = b.mlp.out(l), rows = in - j < kSplitPanel ? in - j : kSplitPanel;
  return Prefetch(b.weights(m, l) + j * out, rows, out, out);
}

// As propagate() in mlp_backward.cpp up to LayerNorm. While a block is multiplied, the one before
// it is finished.
void propagate_split(const Backward& b, int64_t m, int64_t l, int64_t row, int64_t count,
                     const float* dz, int64_t lda, float* g, int64_t stride, float* memory) {
  int64_t in = b.mlp.in(l), out = b.mlp.out(l), words = paired_words(out), steps = words / kTile;
  int64_t pitch = 2 * words;
  float *rows = memory, *panel = memory + round_up(count, 2 * kTile) * pitch;
  Tape tape(b.mlp, b.tape, l - 1, b.taped, b.rows);
  const float* kept = l == 0 ? nullptr : b.mlp.silu ? tape.derivative : tape.h;
  if (kept) kept += b.place(m, row) * b.mlp.width;
  split_rows(dz, lda, count, out, rows);
  alignas(64) float results[2][2 * kTile * kSplitPanel];
  float *now = results[0], *before = results[1];
  for (int64_t j = 0; j < in; j += kSplitPanel) {
    int64_t columns = in - j < kSplitPanel ? in - j : kSplitPanel, height = 0, r = 0;
    split_panel_transposed(b.weights(m, l), out, in, j, panel);
    Prefetch factors(kept ? kept + j : nullptr, kept ? count : 0, columns, b.mlp.width);
    Prefetch next = transposed_after(b, m, l, j);
    int64_t share = next.share(count);
    auto finish = [&](const float* block, int64_t first, int64_t from, int64_t to) {
      if (from == to) return;
      const float* slope = kept ? kept + (first + from) * b.mlp.width + j : nullptr;
      finish_gradient(block + from * kSplitPanel, to - from, columns, slope, b.mlp.width,
                      b.mlp.silu, g + (first + from) * stride + j, stride);
    };
    for (; r < count; r += height) {
      int64_t waiting = height;
      height = tile_height(count - r);
      factors.fetch(height);
      next.fetch(share * height / kBlockRows);
      split_rows_block(
          height, columns, rows + r * pitch, pitch, panel, words, kZeros, now, [&](int64_t step) {
            finish(before, r - waiting, waiting * step / steps, waiting * (step + 1) / steps);
          });
      float* finished = before;
      before = now;
      now = finished;
    }
    finish(before, r - height, 0, height);
  }
}

// Words of memory that propagate_split() needs for `rows` rows.
inline int64_t propagate_split_words(const Mlp& mlp, int64_t rows) {
  int64_t words = split_words(mlp.widest());
  return (round_up(rows, 2 * kTile) + kSplitPanel) * words;
}

// Rows [from, from + count) of dW += or = X^T dZ over `depth` rows of x (depth, in) and dz (depth,
// out).
void weights_split(const float* x, const float* dz, int64_t depth, int64_t in, int64_t out,
                   int64_t count, bool add, float* weights, float* scratch) {
  int64_t words = paired_words(depth), pitch = split_stride(depth);
  float *inputs = scratch, *panel = inputs + round_up(count, 2 * kTile) * pitch;
  split_transposed(x, in, depth, count, inputs);
  alignas(64) float results[2 * kTile * kSplitPanel];
  for (int64_t j = 0; j < out; j += kSplitPanel) {
    int64_t columns = out - j < kSplitPanel ? out - j : kSplitPanel;
    split_panel(dz, depth, out, j, panel);
    Prefetch target(weights + j, count, columns, out);
    for (int64_t i = 0, height; i < count; i += height) {
      height = tile_height(count - i);
      target.fetch(height);
      split_rows_block(height, columns, inputs + i * pitch, pitch, panel, words, kZeros, results,
                       [](int64_t) {});
      put(results, kSplitPanel, height, columns, add, weights + i * out + j, out);
    }
  }
}

}  // namespace
}  // namespace mpdp::MPDP_ISA
