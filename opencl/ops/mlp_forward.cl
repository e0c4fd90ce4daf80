// Batched ensemble-MLP forward; see mpdp.backend.op.MlpForward.
//
// CPUs run mlp_forward_panel: a work item takes a tile of one member's rows through all layers,
// with its activations in local memory. A panel of weights is packed just before it meets the tile:
// with a hundred rows that costs 2 % of the products, and no packed copy has to be kept up to date.
// GPUs run mlp_forward_tile once per layer, in mlp_forward_tile.cl.
#define OP op_mlp_forward
#include "common.clh"
#include "mlp.clh"
#include "panel.clh"
#include "activation.clh"
#include "bfloat16.clh"

// Where a tile's rows of a hidden layer go on the tape.
typedef struct {
  bool keep;
  Tape tape;
  size_t row;  // first row in the (running, rows) or, routed, (rows) order
} Kept;

// Activates columns j .. j + 15 of z's rows in place; n of them go to the tape.
static inline void activate_panel(Mlp mlp, Kept kept, __local float* z, int stride, int rows, int j,
                                  int n) {
  for (int r = 0; r < rows; r++) {
    float16 slope = (float16)(0.0f);
    float16 h = activate(load16(z + r * stride + j), mlp.silu, &slope);
    store16(h, z + r * stride + j);
    if (!kept.keep) continue;
    size_t at = (kept.row + r) * mlp.width + j;
    store_part(h, kept.tape.h + at, n);
    if (mlp.silu) store_part(slope, kept.tape.derivative + at, n);
  }
}

// LayerNorm with gain and shift of a tile's rows in place.
static inline void normalise_rows(Mlp mlp, Kept kept, __global const float* gain,
                                  __global const float* shift, __local float* z, int stride,
                                  int rows) {
  int n = mlp.width;
  for (int r = 0; r < rows; r++, z += stride) {
    float16 total = (float16)(0.0f), squares = (float16)(0.0f);
    for (int c = 0; c < n; c += PANEL) total += first_lanes(load16(z + c), n - c);
    float mean = sum_lanes(total) / (float)n;
    for (int c = 0; c < n; c += PANEL) {
      float16 centred = first_lanes(load16(z + c) - mean, n - c);
      squares += centred * centred;
    }
    float inv_std = 1.0f / sqrt(sum_lanes(squares) / (float)n + NORM_EPSILON);
    for (int c = 0; c < n; c += PANEL) {
      float16 v = (load16(z + c) - mean) * inv_std;
      if (kept.keep) {
        store_part(v, kept.tape.normalised + (kept.row + r) * n + c, n - c);
      }
      store16(v * load_part(gain + c, n - c) + load_part(shift + c, n - c), z + c);
    }
    if (kept.keep) kept.tape.inv_std[kept.row + r] = inv_std;
  }
}

// The panel of weights that follows column j of layer l.
static inline Ahead weights_ahead(Mlp mlp, __global const float* parameters, int m, int l, int j) {
  bool more = j + PANEL < layer_out(mlp, l), last = l == mlp.layers;
  int layer = more || last ? l : l + 1, from = more || last ? j + PANEL : 0;
  int out = layer_out(mlp, layer);
  return rows_ahead(parameters + weights_at(mlp, layer, m) + from, layer_in(mlp, layer), out - from,
                    out);
}

// Rows of member m through layer l: z (rows, out) from a, all rows `stride` words apart. Where
// products are rounded, a becomes what was multiplied.
static inline void forward_layer(Mlp mlp, __global const float* parameters, Kept kept, int m, int l,
                                 int rows, bool rounded, __local float* a, __local float* z,
                                 int stride, __local float* panel) {
  int in = layer_in(mlp, l), out = layer_out(mlp, l);
  __global const float* weights = parameters + weights_at(mlp, l, m);
  __global const float* bias = parameters + vector_at(mlp, l, BIAS, m);
  bool hidden = l < mlp.layers;
  if (rounded) round_rows(a, rows, in, stride);
  for (int j = 0; j < out; j += PANEL) {
    pack_panel(weights, in, out, j, panel);
    if (rounded) round_rows(panel, in, PANEL, PANEL);
    float16 start = load_part(bias + j, out - j);
    Ahead next = weights_ahead(mlp, parameters, m, l, j);
    int lines = next.left * BLOCK_ROWS / rows + 1, taped = kept.keep ? rows : 0;
    size_t word = kept.row * mlp.width + j;
    Ahead h = rows_ahead(kept.tape.h + word, taped, out - j, out);
    Ahead slopes = rows_ahead(kept.tape.derivative + word, mlp.silu ? taped : 0, out - j, out);
    for (int r = 0; r < rows; r += BLOCK_ROWS) {
      fetch_ahead(&next, lines);
      fetch_ahead(&h, BLOCK_ROWS);
      fetch_ahead(&slopes, BLOCK_ROWS);
      block_product(a + r * stride, stride, 1, panel, in, start, z + r * stride + j, stride);
    }
    if (hidden && !mlp.norm) activate_panel(mlp, kept, z, stride, rows, j, out - j);
  }
  if (!hidden || !mlp.norm) return;
  normalise_rows(mlp, kept, parameters + vector_at(mlp, l, GAIN, m),
                 parameters + vector_at(mlp, l, SHIFT, m), z, stride, rows);
  for (int j = 0; j < out; j += PANEL) activate_panel(mlp, kept, z, stride, rows, j, out - j);
}

// Stage: rows of a tile, words between rows in local memory, bits of row_tile().
__kernel GROUP(1) void mlp_forward_panel(__global const float* x,           // see MlpForward
                                         __global const float* parameters,  // MlpShape layout
                                         __global const int* offsets,  // (running + 1), if routed
                                         __global const int* count,    // (1) or null
                                         __global float* tape,         // MlpShape layout, or null
                                         __global float* y,            // see MlpForward
                                         __global float* scratch, const Call call,
                                         __local float* work) {  // 2 tiles, panel
  x = AT(x);
  parameters = AT(parameters);
  offsets = AT(offsets);
  count = AT(count);
  tape = AT(tape);
  y = AT(y);
  Mlp mlp = mlp_of(call);
  int tile = call.stage[0], stride = call.stage[1];
  RowTile part = row_tile(mlp, offsets, count, tile, call.stage[2]);
  int m = part.m, row = part.row, rows = part.rows;
  if (rows == 0) return;
  __local float* a = work;
  __local float* z = work + tile * stride;
  load_rows(x + input_at(mlp, m, row), rows, mlp.inputs, a, stride);
  for (int l = 0; l <= mlp.layers; l++) {
    Kept kept = {tape && l < mlp.layers, tape_of(mlp, tape, l), (size_t)row_at(mlp, m, row, 1)};
    forward_layer(mlp, parameters, kept, m, l, rows, ROUNDS_PRODUCTS, a, z, stride,
                  work + 2 * tile * stride);
    __local float* swap = a;
    a = z;
    z = swap;
  }
  store_rows(a, stride, rows, mlp.outputs, false, y + row_at(mlp, m, row, mlp.outputs));
}
