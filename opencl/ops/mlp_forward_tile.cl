// Batched ensemble-MLP forward on GPUs: one launch per layer and, with LayerNorm, another one; see
// mlp_forward.cl for CPUs. Without a tape hidden layers alternate between two blocks of scratch.
#define OP op_mlp_forward
#include "common.clh"
#include "mlp.clh"
#include "tile.clh"
#include "activation.clh"

// Output of hidden layer l: (running, rows, width), or (rows, width) when routed.
static inline __global float* hidden_of(Mlp mlp, __global float* tape, __global float* scratch,
                                        int l) {
  return tape ? tape_of(mlp, tape, l).h : scratch + l % 2 * matrix_words(mlp);
}

// Stage: layer. Groups are ordered by member, tile of rows, tile of columns.
__kernel GROUP(256) void mlp_forward_tile(__global const float* x,           // see MlpForward
                                          __global const float* parameters,  // MlpShape layout
                                          __global const int* offsets,  // (running + 1), if routed
                                          __global const int* count,    // (1) or null
                                          __global float* tape,         // MlpShape layout, or null
                                          __global float* y,            // see MlpForward
                                          __global float* scratch,      // (2, matrix_words)
                                          const Call call) {
  __local float slabs[2 * SLAB * SLAB_STRIDE];
  x = AT(x);
  parameters = AT(parameters);
  offsets = AT(offsets);
  count = AT(count);
  tape = AT(tape);
  y = AT(y);
  Mlp mlp = mlp_of(call);
  int l = call.stage[0], in = layer_in(mlp, l), out = layer_out(mlp, l), group = get_group_id(0);
  int across = (out + TILE - 1) / TILE, down = (mlp.rows + TILE - 1) / TILE;
  int m = group / across / down, column = group % across * TILE;
  int first = rows_begin(mlp, offsets, m), rows = rows_end(mlp, offsets, m, count) - first;
  int row = group / across % down * TILE;
  int depth = row < rows ? in : 0;  // all groups meet the barriers, absent ones do nothing there
  __global const float* input =
      l == 0 ? x + input_at(mlp, m, first)
             : hidden_of(mlp, tape, scratch, l - 1) + row_at(mlp, m, first, in);
  __global float* hidden = l == mlp.layers ? y : hidden_of(mlp, tape, scratch, l);
  Operand a = {input, in, 1, rows};
  Operand b = {parameters + weights_at(mlp, l, m), 1, out, out};
  __global const float* bias = parameters + vector_at(mlp, l, BIAS, m);
  int top = row + get_local_id(0) / 16 * 4, left = column + get_local_id(0) % 16 * 4;
  float4 sums[4];
  for (int i = 0; i < 4; i++) {
    float start[4];
    for (int j = 0; j < 4; j++) start[j] = left + j < out ? bias[left + j] : 0.0f;
    sums[i] = vload4(0, start);
  }
  tile_product(a, row, b, column, depth, ROUNDS_PRODUCTS, slabs, sums);
  bool act = l < mlp.layers && !mlp.norm;
  for (int i = 0; i < 4 && top + i < rows; i++) {
    float z[4];
    vstore4(sums[i], 0, z);
    for (int j = 0; j < 4 && left + j < out; j++) {
      long at = row_at(mlp, m, first + top + i, out) + left + j;
      float slope = 0.0f;
      hidden[at] = act ? activate(z[j], mlp.silu, &slope) : z[j];
      if (act && mlp.silu && tape) tape_of(mlp, tape, l).derivative[at] = slope;
    }
  }
}

// LayerNorm and activation of hidden layer l = stage, in place: one group per (member, row).
__kernel GROUP(64) void mlp_forward_tile_norm(__global const float* x,
                                              __global const float* parameters,
                                              __global const int* offsets,  // (running + 1) or null
                                              __global const int* count,    // (1) or null
                                              __global float* tape,         // or null
                                              __global float* y, __global float* scratch,
                                              const Call call) {
  __local float work[64];
  parameters = AT(parameters);
  offsets = AT(offsets);
  count = AT(count);
  tape = AT(tape);
  Mlp mlp = mlp_of(call);
  int l = call.stage[0], m = get_group_id(0) / mlp.rows;
  int row = rows_begin(mlp, offsets, m) + (int)get_group_id(0) % mlp.rows;
  bool here = row < rows_end(mlp, offsets, m, count);
  int n = here ? mlp.width : 0;  // all groups meet the barriers
  __global const float* gain = parameters + vector_at(mlp, l, GAIN, m);
  __global const float* shift = parameters + vector_at(mlp, l, SHIFT, m);
  long at = row_at(mlp, m, row, mlp.width);
  __global float* z = hidden_of(mlp, tape, scratch, l) + at;
  float total = 0.0f, squares = 0.0f;
  for (int c = get_local_id(0); c < n; c += 64) total += z[c];
  float mean = group_sum(total, work) / (float)n;
  for (int c = get_local_id(0); c < n; c += 64) squares += (z[c] - mean) * (z[c] - mean);
  float inv_std = 1.0f / sqrt(group_sum(squares, work) / (float)n + NORM_EPSILON);
  for (int c = get_local_id(0); c < n; c += 64) {
    float v = (z[c] - mean) * inv_std, slope = 0.0f;
    z[c] = activate(v * gain[c] + shift[c], mlp.silu, &slope);
    if (tape) tape_of(mlp, tape, l).normalised[at + c] = v;
    if (tape && mlp.silu) tape_of(mlp, tape, l).derivative[at + c] = slope;
  }
  if (here && tape && get_local_id(0) == 0) {
    tape_of(mlp, tape, l).inv_std[row_at(mlp, m, row, 1)] = inv_std;
  }
}
