// Backward pass of the ensemble MLP on CPUs; see mpdp.backend.op.MlpBackward. GPUs run the kernels
// of mlp_backward_tile.cl.
//
// mlp_backward_panel_rows: a work item takes a tile of one member's rows from dy down; each hidden
// layer's dz is (dz W^T) act', through LayerNorm, and is kept for the weights in the op's scratch
// operand. mlp_backward_panel_weights: a work item makes a block of rows of dW = X^T dZ over depth
// blocks of rows, and db with the first of them. Sums over tiles are added in order at the end.
#define OP op_mlp_backward
#include "common.clh"
#include "mlp.clh"
#include "panel.clh"
#include "mlp_backward.clh"

#define DEPTH 128    // rows of one accumulation step of dW
#define SUM_ROWS 12  // rows behind one partial sum for gain and shift: divides every tile

// Columns j .. j + 15 of dh, in place, through the activation. `kept` is its derivative or, for
// ReLU, h.
static inline void through_activation(Mlp mlp, __global const float* kept, __local float* g,
                                      int stride, int rows, int n) {
  for (int r = 0; r < rows; r++) {
    float16 v = load16(g + r * stride), k = load_part(kept + (size_t)r * mlp.width, n);
    float16 clipped = select((float16)(0.0f), v, isgreater(k, (float16)(0.0f)));
    store16(mlp.silu ? v * k : clipped, g + r * stride);
  }
}

// Rows from g to dz through LayerNorm, in place; the sums for gain and shift of every SUM_ROWS rows
// go to `sums` (.., 2, width) unless that is null.
static inline void through_norm(Mlp mlp, __global const float* gain,
                                __global const float* normalised, __global const float* inv_std,
                                __local float* g, int stride, int rows, __global float* sums) {
  int n = mlp.width;
  for (int r = 0; r < rows; r++, g += stride, normalised += n) {
    if (sums && r % SUM_ROWS == 0) {
      sums += r == 0 ? 0 : 2 * n;
      for (int i = 0; i < 2 * n; i++) sums[i] = 0.0f;
    }
    float16 total = (float16)(0.0f), product = (float16)(0.0f);
    for (int c = 0; c < n; c += PANEL) {
      float16 v = first_lanes(load16(g + c), n - c), u = load_part(normalised + c, n - c);
      if (sums) {
        store_part(load_part(sums + c, n - c) + v * u, sums + c, n - c);
        store_part(load_part(sums + n + c, n - c) + v, sums + n + c, n - c);
      }
      v *= load_part(gain + c, n - c);
      total += v;
      product += v * u;
      store16(v, g + c);
    }
    float mean = sum_lanes(total) / (float)n, slope = sum_lanes(product) / (float)n;
    for (int c = 0; c < n; c += PANEL) {
      float16 u = load_part(normalised + c, n - c);
      store16(inv_std[r] * (load16(g + c) - mean - u * slope), g + c);
    }
  }
}

// g (rows, in) = dz W^T of layer l, through the activation and norm of the layer below.
static inline void propagate(Mlp mlp, __global const float* parameters, __global float* tape, int m,
                             int l, int row, int rows, __local const float* dz, __local float* g,
                             int stride, __local float* panel, __global float* sums,
                             __global float* target) {
  int in = layer_in(mlp, l), out = layer_out(mlp, l);
  Tape below = tape_of(mlp, tape, l - 1);
  size_t first = (size_t)row_at(mlp, m, row, 1);
  __global const float* weights = parameters + weights_at(mlp, l, m);
  for (int j = 0; j < in; j += PANEL) {
    __global const float* kept = (mlp.silu ? below.derivative : below.h) + first * mlp.width + j;
    pack_panel_transposed(weights, out, in, j, panel);
    Ahead next = transposed_ahead(weights, out, in, j + PANEL);
    Ahead factors = rows_ahead(kept, l > 0 ? rows : 0, in - j, in);
    Ahead kept_dz = rows_ahead(target + j, target ? rows : 0, in - j, in);
    int lines = next.left * BLOCK_ROWS / rows + 1;
    for (int r = 0; r < rows; r += BLOCK_ROWS) {
      fetch_ahead(&next, lines);
      fetch_ahead(&factors, BLOCK_ROWS);
      fetch_ahead(&kept_dz, BLOCK_ROWS);
      block_product(dz + r * stride, stride, 1, panel, out, (float16)(0.0f), g + r * stride + j,
                    stride);
    }
    if (l > 0) through_activation(mlp, kept, g + j, stride, rows, in - j);
  }
  if (l == 0 || !mlp.norm) return;
  through_norm(mlp, parameters + vector_at(mlp, l - 1, GAIN, m),
               below.normalised + first * mlp.width, below.inv_std + first, g, stride, rows, sums);
}

// Stage: rows of a tile, words between rows in local memory, bits of row_tile().
__kernel GROUP(1) void mlp_backward_panel_rows(MLP_BACKWARD_OPERANDS,
                                               __local float* work) {  // 2 tiles, panel
  MLP_BACKWARD_BEGIN;
  int tile = call.stage[0], stride = call.stage[1];
  RowTile part = row_tile(mlp, offsets, count, tile, call.stage[2]);
  int m = part.m, row = part.row, rows = part.rows;
  int sum_chunks = (mlp.rows + SUM_ROWS - 1) / SUM_ROWS;
  if (rows == 0) return;
  __local float* dz = work;
  __local float* g = work + tile * stride;
  load_rows(dy + row_at(mlp, m, row, mlp.outputs), rows, mlp.outputs, dz, stride);
  for (int l = mlp.layers; l >= (dx ? 0 : 1); l--) {
    __global float* sums = mlp.norm && l > 0 && d_parameters
                               ? norm_partial(mlp, scratch, sum_chunks, m, l - 1, row / SUM_ROWS)
                               : 0;
    __global float* target = l > 0 && d_parameters ? kept_dz + dz_at(mlp, l - 1, m, row) : 0;
    propagate(mlp, parameters, tape, m, l, row, rows, dz, g, stride, work + 2 * tile * stride, sums,
              target);
    if (target) store_rows(g, stride, rows, mlp.width, false, target);
    __local float* swap = dz;
    dz = g;
    g = swap;
  }
  if (!dx) return;
  bool parts = sums_dx(mlp);
  __global float* target =
      parts ? dx_parts(mlp, scratch, sum_chunks) + row_at(mlp, m, row, mlp.inputs)
            : dx + input_at(mlp, m, row);
  store_rows(dz, stride, rows, mlp.inputs, !parts && INTEGER(accumulate_inputs) != 0, target);
}

// X^T in register blocks: (blocks, depth, BLOCK_ROWS), zero padded. Rows are taken a few at a time:
// their words stay in the first-level cache.
static inline void pack_inputs(__global const float* x, int stride, int depth, int columns,
                               __local float* packed) {
  for (int from = 0; from < depth; from += 8) {
    int end = min(from + 8, depth);
    for (int k = end; k < min(end + 8, depth); k++) fetch_words(x + (size_t)k * stride, columns);
    for (int i = 0; i < columns; i += BLOCK_ROWS) {
      __local float* to = packed + i * depth + from * BLOCK_ROWS;
      for (int k = from; k < end; k++, to += BLOCK_ROWS) {
        __global const float* row = x + (size_t)k * stride + i;
        if (i + BLOCK_ROWS <= columns) {
#pragma unroll
          for (int r = 0; r < BLOCK_ROWS; r += 2) vstore2(vload2(0, row + r), 0, to + r);
        } else {
          for (int r = 0; r < BLOCK_ROWS; r++) to[r] = i + r < columns ? row[r] : 0.0f;
        }
      }
    }
  }
}

// Columns j .. j + 15 of `count` rows of dW, from packed inputs and a panel of dz.
static inline void weight_panel(__local const float* inputs, __local const float* panel, int depth,
                                int count, int out, int j, bool add, Ahead next,
                                __local float* sums, __global float* weights) {
  int lines = next.left * BLOCK_ROWS / count + 1;
  Ahead target = rows_ahead(weights + j, count, out - j, out);
  for (int i = 0; i < count; i += BLOCK_ROWS) {
    fetch_ahead(&next, lines);
    fetch_ahead(&target, BLOCK_ROWS);
    block_product(inputs + i * depth, 1, BLOCK_ROWS, panel, depth, (float16)(0.0f), sums, PANEL);
    for (int r = 0; r < min(BLOCK_ROWS, count - i); r++) {
      __global float* to = weights + (size_t)(i + r) * out + j;
      float16 v = load16(sums + r * PANEL);
      store_part(add ? load_part(to, out - j) + v : v, to, out - j);
    }
  }
}

// Rows of dW of a layer that make one task, where it has so many blocks.
static inline int block_height(Mlp mlp, int l, int blocks) {
  return ((layer_in(mlp, l) + blocks - 1) / blocks + BLOCK_ROWS - 1) / BLOCK_ROWS * BLOCK_ROWS;
}

// Stage: most rows of dW in a task. Tasks are ordered by member, block of rows and layer: runtimes
// hand out runs of them, and so half of the tasks are half of the work.
__kernel GROUP(1) void mlp_backward_panel_weights(
    MLP_BACKWARD_OPERANDS, __local float* work) {  // sums, panel, packed inputs
  MLP_BACKWARD_BEGIN;
  int tasks = get_num_groups(0) / mlp.running, task = (int)get_group_id(0) % tasks;
  int m = get_group_id(0) / tasks, l = 0, block = 0, blocks = 0;
  for (;; l++) {
    if (l > mlp.layers) {
      l = 0;
      block++;
    }
    blocks = (layer_in(mlp, l) + call.stage[0] - 1) / call.stage[0];
    if (block < blocks && task-- == 0) break;
  }
  int height = block_height(mlp, l, blocks), from = block * height;
  int in = layer_in(mlp, l), out = layer_out(mlp, l), inputs = min(height, in - from);
  if (inputs <= 0) return;
  __global const float* input =
      l == 0 ? x + input_at(mlp, m, 0) : tape_of(mlp, tape, l - 1).h + row_at(mlp, m, 0, mlp.width);
  __global const float* dz =
      l == mlp.layers ? dy + row_at(mlp, m, 0, out) : kept_dz + dz_at(mlp, l, m, 0);
  __global float* weights = d_parameters + weights_at(mlp, l, m) + (size_t)from * out;
  __global float* bias = d_parameters + vector_at(mlp, l, BIAS, m);
  __local float* panel = work + BLOCK_ROWS * PANEL;
  __local float* packed = panel + DEPTH * PANEL;
  bool add = INTEGER(accumulate_parameters) != 0;
  int k = 0;
  do {  // once at least: without rows the gradients are 0
    int depth = min(DEPTH, present - k);
    pack_inputs(input + (size_t)k * in + from, in, depth, inputs, packed);
    for (int j = 0; j < out; j += PANEL) {
      pack_panel(dz + (size_t)k * out, depth, out, j, panel);
      Ahead next = rows_ahead(dz + (size_t)k * out + j + PANEL, depth, out - j - PANEL, out);
      weight_panel(packed, panel, depth, inputs, out, j, add, next, work, weights);
      if (from != 0) continue;
      float16 total = add ? load_part(bias + j, out - j) : (float16)(0.0f);
      for (int i = 0; i < depth; i++) total += load16(panel + i * PANEL);
      store_part(total, bias + j, out - j);
    }
    k += DEPTH;
    add = true;
  } while (k < present);
}

// Gradients of gain and shift: the chunks' sums in order. One item per (member, layer, 2, width).
// Stage: rows of a chunk.
__kernel GROUP(64) void mlp_backward_norm(MLP_BACKWARD_OPERANDS) {
  MLP_BACKWARD_BEGIN;
  int rows = call.stage[0], chunks = (mlp.rows + rows - 1) / rows, width = 2 * mlp.width;
  int item = get_global_id(0), c = item % width, l = item / width % mlp.layers;
  int m = item / width / mlp.layers;
  if (m >= mlp.running) return;
  float total = 0.0f;
  for (int i = 0; i * rows < present; i++) {
    total += norm_partial(mlp, scratch, chunks, m, l, i)[c];
  }
  __global float* to = c < mlp.width ? d_parameters + vector_at(mlp, l, GAIN, m) + c
                                     : d_parameters + vector_at(mlp, l, SHIFT, m) + c - mlp.width;
  *to = INTEGER(accumulate_parameters) != 0 ? *to + total : total;
}

// dx = or += the members' parts, in member order. One item per word. Stage: rows of a
// chunk of sums for gain and shift, which lie before the parts.
__kernel GROUP(64) void mlp_backward_inputs(MLP_BACKWARD_OPERANDS) {
  MLP_BACKWARD_BEGIN;
  int chunks = (mlp.rows + call.stage[0] - 1) / call.stage[0];
  long item = get_global_id(0);
  if (item >= (long)present * mlp.inputs) return;
  __global const float* parts = dx_parts(mlp, scratch, chunks);
  float total = 0.0f;
  for (int m = 0; m < mlp.running; m++) total += parts[row_at(mlp, m, 0, mlp.inputs) + item];
  dx[item] = INTEGER(accumulate_inputs) != 0 ? dx[item] + total : total;
}
