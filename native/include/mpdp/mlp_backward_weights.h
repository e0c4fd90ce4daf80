// Phase 2 of mlp_backward, one task per member x layer x block of inputs: dW = X^T dZ over depth
// blocks of rows, X^T packed in register blocks and dZ in panels; db is summed while dZ is packed.
#pragma once
#include "mpdp/mlp_backward_split.h"

namespace mpdp::MPDP_ISA {
namespace {

constexpr int64_t kDepth = 256;                   // rows of one accumulation step of dW
constexpr int64_t kInputBlock = 48 * kBlockRows;  // at most so many rows of dW in one task

// X^T in register blocks: (columns / kBlockRows, depth, kBlockRows), zero padded. Rows are taken a
// few at a time: their words stay in the first-level cache, and what is written of each block is
// whole cache lines.
void pack_inputs(const float* x, int64_t stride, int64_t depth, int64_t columns, float* packed) {
  constexpr int64_t kRows = 8;
  for (int64_t from = 0; from < depth; from += kRows) {
    int64_t end = from + kRows < depth ? from + kRows : depth;
    for (int64_t i = 0; i < columns; i += kBlockRows) {
      float* to = packed + i * depth + from * kBlockRows;
      for (int64_t k = from; k < end; k++, to += kBlockRows) {
        const float* row = x + k * stride + i;
        if (i + kBlockRows <= columns) {
          __builtin_memcpy(to, row, kBlockRows * sizeof(float));
        } else {
          for (int64_t r = 0; r < kBlockRows; r++) to[r] = i + r < columns ? row[r] : 0.0f;
        }
      }
    }
  }
}

// db of one panel, whose rows are `stride` words apart: = or += the sums of its columns.
void sum_columns(const float* panel, int64_t depth, int64_t stride, int64_t width, int64_t columns,
                 bool add, float* target) {
  Vec total[kBlockVectors] = {};
  for (int64_t c = 0; add && c < columns; c += kLanes) {
    total[c / kLanes] = load(target + c, columns - c);
  }
  for (int64_t k = 0; k < depth; k++, panel += stride) {
    for (int64_t c = 0; c < width; c += kLanes) total[c / kLanes] += load(panel + c, width - c);
  }
  for (int64_t c = 0; c < columns; c += kLanes) {
    store(target + c, total[c / kLanes], columns - c);
  }
}

void clear(float* weights, int64_t words, float* bias, int64_t out) {
  for (int64_t i = 0; i < words; i++) weights[i] = 0.0f;
  for (int64_t i = 0; bias && i < out; i++) bias[i] = 0.0f;
}

// One task of phase 2: rows [from, from + count) of dW of layer l, and db with the first of them.
void weight_gradient(const Backward& b, int64_t m, int64_t l, int64_t from, int64_t count,
                     float* scratch) {
  int64_t in = b.mlp.in(l), out = b.mlp.out(l);
  Tape below(b.mlp, b.tape, l - 1, b.members, b.rows);
  const float* x = l == 0 ? b.input(m) : below.h + m * b.rows * in;
  const float* dz = l == b.mlp.layers ? b.dy + m * b.rows * out : b.layer_dz(m, l);
  float* weights = b.d_parameters + b.mlp.weights(l) + ((b.first + m) * in + from) * out;
  float* bias = b.d_parameters + b.mlp.bias(l) + (b.first + m) * out;
  float* inputs = scratch;
  float* panel = inputs + kDepth * kInputBlock;
  float* sums = panel + kDepth * kPanel;
  bool add = b.accumulate_parameters;
  if (out == 1) {
    weights_single(x + from, in, b.present, count, dz, add, weights);
    if (from == 0) bias[0] = sum_single(dz, b.present, add ? bias[0] : 0.0f);
    return;
  }
  if (b.present == 0 && !add) clear(weights, count * out, from == 0 ? bias : nullptr, out);
  for (int64_t k = 0; k < b.present; k += kDepth, add = true) {
    int64_t depth = b.present - k < kDepth ? b.present - k : kDepth;
    if (b.split()) {
      for (int64_t j = 0; from == 0 && j < out; j += kPanel) {
        int64_t columns = out - j < kPanel ? out - j : kPanel;
        sum_columns(dz + k * out + j, depth, out, columns, columns, add, bias + j);
      }
      weights_split(x + k * in + from, dz + k * out, depth, in, out, count, add, weights, scratch);
      continue;
    }
    pack_inputs(x + k * in + from, in, depth, count, inputs);
    Left blocks = {inputs, 1, kBlockRows, kBlockRows * depth};
    for (int64_t j = 0, width; j < out; j += width) {
      width = panel_width(out - j);
      int64_t columns = out - j < width ? out - j : width;
      pack_panel(dz + k * out, depth, out, j, panel);
      if (from == 0) sum_columns(panel, depth, width, width, columns, add, bias + j);
      Prefetch next;
      if (j + width < out) next = Prefetch::panel(dz + k * out, depth, out, j + width);
      Prefetch target(weights + j, count, columns, out);
      int64_t share = next.share(count);
      int64_t whole = width <= kLanes ? 2 * kBlockRows : kBlockRows;
      for (int64_t i = 0; i < count; i += whole) {
        int64_t height = count - i < whole ? count - i : whole;
        bool direct = !add && height == whole && columns == width;
        next.fetch(share);
        target.fetch(height);
        block_rows(whole, width, blocks.at(i * depth), {panel, width}, depth, nullptr,
                   direct ? weights + i * out + j : sums, direct ? out : width);
        for (int64_t r = 0; !direct && r < height; r++) {
          put(sums + r * width, width, 1, columns, add, weights + (i + r) * out + j);
        }
      }
    }
  }
}

// Gradients of gain and shift of hidden layer l: the blocks' sums in order.
void norm_gradient(const Backward& b, int64_t m, int64_t l) {
  int64_t width = b.mlp.width;
  for (int part = 0; part < 2; part++) {
    int64_t block = part ? b.mlp.shift(l) : b.mlp.gain(l);
    float* target = b.d_parameters + block + (b.first + m) * width;
    for (int64_t c = 0; c < width; c++) {
      float total = b.accumulate_parameters ? target[c] : 0.0f;
      for (int64_t t = 0; t < b.norm_blocks(); t++) total += b.norm_sum(m, l, t)[part * width + c];
      target[c] = total;
    }
  }
}

// Gradients of the weights of member m, once all of its rows are done.
void weights_tasks(const Backward& b, int64_t m, Tasks& tasks, float* scratch) {
  int64_t matrices = b.members * (b.mlp.layers + 1);
  for (int64_t l = b.mlp.layers; l >= 0; l--) {
    int64_t in = b.mlp.in(l), height = tile_rows(in, matrices, tasks.threads(), kInputBlock);
    if (b.split()) height = round_up(height, 2 * kTile);
    for (int64_t from = 0; from < in; from += height) {
      if (!tasks.take(tasks.home(m, b.members, from, in))) continue;
      wait_for(b.rows_done[m], b.present);
      weight_gradient(b, m, l, from, in - from < height ? in - from : height, scratch);
    }
    if (b.mlp.norm && l < b.mlp.layers && tasks.take(tasks.home(m, b.members, 0, 1))) {
      wait_for(b.rows_done[m], b.present);
      norm_gradient(b, m, l);
    }
  }
}

// Words of scratch that a thread needs; split_stride(kDepth) is kDepth + kTile.
constexpr int64_t kWeightsWords =
    kHasSplit ? round_up(kInputBlock, 2 * kTile) * (kDepth + kTile) + kDepth * kSplitPanel
              : kDepth * (kInputBlock + kPanel) + kBlockRows * kPanel;

}  // namespace
}  // namespace mpdp::MPDP_ISA
