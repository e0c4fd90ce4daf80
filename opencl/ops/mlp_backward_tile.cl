// Backward pass of the ensemble MLP on GPUs: launches per layer; see mlp_backward.cl for CPUs and
// for the kernels that finish gain, shift and shared inputs.
#define OP op_mlp_backward
#include "common.clh"
#include "mlp.clh"
#include "tile.clh"
#include "mlp_backward.clh"

// Stage: layer l. g = dz W^T, through the activation of the layer below, to that layer's dz; for
// layer 0 to dx. Groups are ordered by member, tile of rows, tile of columns.
__kernel GROUP(256) void mlp_backward_tile_rows(MLP_BACKWARD_OPERANDS) {
  __local float slabs[2 * SLAB * SLAB_STRIDE];
  MLP_BACKWARD_BEGIN;
  int l = call.stage[0], in = layer_in(mlp, l), out = layer_out(mlp, l), group = get_group_id(0);
  int across = (in + TILE - 1) / TILE, down = (mlp.rows + TILE - 1) / TILE;
  int m = group / across / down, column = group % across * TILE;
  int first = rows_begin(mlp, offsets, m), rows = rows_end(mlp, offsets, m, count) - first;
  int row = group / across % down * TILE;
  int depth = row < rows ? out : 0;  // all groups meet the barriers
  Operand a = {
      l == mlp.layers ? dy + row_at(mlp, m, first, out) : kept_dz + dz_at(mlp, l, m, first), out, 1,
      rows};
  Operand b = {parameters + weights_at(mlp, l, m), out, 1, in};
  float4 sums[4] = {(float4)(0.0f), (float4)(0.0f), (float4)(0.0f), (float4)(0.0f)};
  tile_product(a, row, b, column, depth, false, slabs, sums);
  bool parts = sums_dx(mlp), add = !parts && INTEGER(accumulate_inputs) != 0;
  int top = row + get_local_id(0) / 16 * 4, left = column + get_local_id(0) % 16 * 4;
  __global const float* kept =
      mlp.silu ? tape_of(mlp, tape, l - 1).derivative : tape_of(mlp, tape, l - 1).h;
  for (int i = 0; i < 4 && top + i < rows; i++) {
    float g[4];
    vstore4(sums[i], 0, g);
    for (int j = 0; j < 4 && left + j < in; j++) {
      long at = row_at(mlp, m, first + top + i, in) + left + j;
      if (l > 0) {
        float through = mlp.silu ? g[j] * kept[at] : kept[at] > 0.0f ? g[j] : 0.0f;
        kept_dz[(l - 1) * matrix_words(mlp) + at] = through;
      } else if (parts) {
        dx_parts(mlp, scratch, call.stage[1])[at] = g[j];
      } else {
        long to = input_at(mlp, m, first + top + i) + left + j;
        dx[to] = add ? dx[to] + g[j] : g[j];
      }
    }
  }
}

// Sums of g and g normalised over 64 rows of hidden layer l = stage, for shift and gain. One item
// per (member, chunk, column).
__kernel GROUP(64) void mlp_backward_tile_norm_sums(MLP_BACKWARD_OPERANDS) {
  MLP_BACKWARD_BEGIN;
  int l = call.stage[0], chunks = call.stage[1], n = mlp.width, item = get_global_id(0);
  int c = item % n, chunk = item / n % chunks, m = item / n / chunks;
  if (m >= mlp.running) return;
  __global const float* g = kept_dz + dz_at(mlp, l, m, 0);
  __global const float* normalised = tape_of(mlp, tape, l).normalised + row_at(mlp, m, 0, n);
  float gain = 0.0f, shift = 0.0f;
  for (int row = chunk * TILE; row < min(present, chunk * TILE + TILE); row++) {
    gain += g[(long)row * n + c] * normalised[(long)row * n + c];
    shift += g[(long)row * n + c];
  }
  __global float* sums = norm_partial(mlp, scratch, chunks, m, l, chunk);
  sums[c] = gain;
  sums[n + c] = shift;
}

// From g to dz through LayerNorm of hidden layer l = stage, in place: one group per (member, row).
__kernel GROUP(64) void mlp_backward_tile_norm(MLP_BACKWARD_OPERANDS) {
  __local float work[64];
  MLP_BACKWARD_BEGIN;
  int l = call.stage[0], m = get_group_id(0) / mlp.rows;
  int row = rows_begin(mlp, offsets, m) + (int)get_group_id(0) % mlp.rows;
  bool here = row < rows_end(mlp, offsets, m, count);
  int n = here ? mlp.width : 0;  // all groups meet the barriers
  long at = row_at(mlp, m, row, mlp.width);
  __global float* g = kept_dz + dz_at(mlp, l, m, row);
  __global const float* normalised = tape_of(mlp, tape, l).normalised + at;
  __global const float* gain = parameters + vector_at(mlp, l, GAIN, m);
  float inv_std = here ? tape_of(mlp, tape, l).inv_std[row_at(mlp, m, row, 1)] : 0.0f;
  float total = 0.0f, product = 0.0f;
  for (int c = get_local_id(0); c < n; c += 64) {
    float v = g[c] * gain[c];
    g[c] = v;  // rounded once: a fused difference from the mean would not vanish where it should
    total += v;
    product += v * normalised[c];
  }
  float mean = group_sum(total, work) / (float)n, slope = group_sum(product, work) / (float)n;
  for (int c = get_local_id(0); c < n; c += 64) {
    g[c] = inv_std * (g[c] - mean - normalised[c] * slope);
  }
}

// Stage: layer l. dW = X^T dZ and, in the first row of tiles, db. Groups are ordered by member,
// tile of inputs, tile of outputs.
__kernel GROUP(256) void mlp_backward_tile_weights(MLP_BACKWARD_OPERANDS) {
  __local float slabs[2 * SLAB * SLAB_STRIDE];
  MLP_BACKWARD_BEGIN;
  int l = call.stage[0], in = layer_in(mlp, l), out = layer_out(mlp, l), group = get_group_id(0);
  int across = (out + TILE - 1) / TILE, down = (in + TILE - 1) / TILE;
  int m = group / across / down, column = group % across * TILE;
  int row = group / across % down * TILE;
  __global const float* input =
      l == 0 ? x + input_at(mlp, m, 0) : tape_of(mlp, tape, l - 1).h + row_at(mlp, m, 0, in);
  __global const float* dz =
      l == mlp.layers ? dy + row_at(mlp, m, 0, out) : kept_dz + dz_at(mlp, l, m, 0);
  Operand a = {input, 1, in, in};
  Operand b = {dz, 1, out, out};
  float4 sums[4] = {(float4)(0.0f), (float4)(0.0f), (float4)(0.0f), (float4)(0.0f)};
  tile_product(a, row, b, column, present, false, slabs, sums);
  bool add = INTEGER(accumulate_parameters) != 0;
  __global float* weights = d_parameters + weights_at(mlp, l, m);
  int top = row + get_local_id(0) / 16 * 4, left = column + get_local_id(0) % 16 * 4;
  for (int i = 0; i < 4 && top + i < in; i++) {
    float w[4];
    vstore4(sums[i], 0, w);
    for (int j = 0; j < 4 && left + j < out; j++) {
      long at = (long)(top + i) * out + left + j;
      weights[at] = add ? weights[at] + w[j] : w[j];
    }
  }
  int c = column + get_local_id(0);
  if (row != 0 || get_local_id(0) >= TILE || c >= out) return;
  float total = 0.0f;
  for (int r = 0; r < present; r++) total += dz[(long)r * out + c];
  __global float* bias = d_parameters + vector_at(mlp, l, BIAS, m) + c;
  *bias = add ? *bias + total : total;
}
