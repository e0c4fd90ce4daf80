// The rows phase of mlp_backward: one block takes one member and one tile of rows from dy down
// through all layers, dz = (dz W^T) act', through LayerNorm, with the gradients in shared memory
// from layer to layer. W^T streams through shared memory (mlp_tile.cuh).
#pragma once
#include "mlp_tile.cuh"

namespace mpdp::mlp_backward {

// Rows whose LayerNorm gradients are summed together, whatever the tile's height.
constexpr int kNormRows = 8;

// The operands, and how the launch's scratch is divided: the members' parts of a shared dx, sums
// for gain and shift, then partial weight gradients. MlpLaunches computes the same sizes.
struct Problem {
  const Call& call;
  Mlp mlp;
  int64_t rows, first, members, present;
  int mode;
  float *d_parameters, *dx;  // MlpShape layout, shape of x; or null
  float* dx_parts;           // (members, rows, inputs)
  float* norm_sums;          // (members, layers, groups, 2, width): gain, shift
  float* weight_parts;       // (splits, MlpShape layout)

  MPDP_DEVICE Problem(const Call& c, float* scratch)
      : call(c),
        mlp(c),
        rows(c.size(7)),
        first(c.size(9)),
        members(c.size(10)),
        present(c.present(rows, 4)),
        mode(static_cast<int>(c.size(8))),
        d_parameters(c.out(6)),
        dx(c.out(7)) {
    dx_parts = scratch;
    norm_sums = dx_parts + (sums_dx() ? align16(members * rows * mlp.inputs) : 0);
    int64_t norms = members * mlp.layers * groups() * 2 * mlp.width;
    weight_parts = norm_sums + (mlp.norm && d_parameters ? align16(norms) : 0);
  }

  MPDP_DEVICE bool sums_dx() const { return dx && mode == kShared && members > 1; }
  MPDP_DEVICE int64_t parameter_words() const { return mlp.gain(mlp.layers); }
  MPDP_DEVICE int64_t groups() const { return (rows + kNormRows - 1) / kNormRows; }
  MPDP_DEVICE float* norm_sum(int64_t m, int layer, int64_t group) const {
    return norm_sums + ((m * mlp.layers + layer) * groups() + group) * 2 * mlp.width;
  }
  // One member's rows of dz of a hidden layer, kept in the scratch operand: (rows, width).
  MPDP_DEVICE float* layer_dz(int64_t m, int layer) const {
    return call.out(5) + layer * align16(members * rows * mlp.width) + m * rows * mlp.width;
  }
  MPDP_DEVICE Tape tape(int layer, int64_t m, int64_t row) const {
    return Tape(mlp, call.out(2), layer, members * rows, m * rows + row);
  }
};

template <class T>
struct Rows {
  const Problem& p;
  const Mlp& mlp;
  int64_t row, m;
  int count;  // rows in this tile
  T tile;
  float *from, *to;  // shared gradients (units, kPitch)

  MPDP_DEVICE Rows(const Problem& problem, float* shared)
      : p(problem),
        mlp(problem.mlp),
        row(static_cast<int64_t>(blockIdx.x) * T::kTile),
        m(blockIdx.y),
        count(static_cast<int>(least(T::kTile, p.present - row))),
        tile(shared),
        from(shared + 2 * T::kStageWords),
        to(from + T::activation_words(mlp)) {}

  MPDP_DEVICE Slice slice(int layer, int column) const {
    int in = mlp.in(layer), out = mlp.out(layer);
    const float* w = p.call.in(1) + mlp.weights(layer) +
                     (p.first + m) * static_cast<int64_t>(in) * out;  // (in, out)
    return T::slice(w, out, in, column);
  }

  // Unit `column` of the layer below, rows from r0 on: dh becomes dz (before LayerNorm).
  MPDP_DEVICE void through_activation(int layer, int r0, int column, const float* dh, float* dz) {
    Tape kept = p.tape(layer, m, row);
    const float* factors = (mlp.silu ? kept.derivative : kept.h) + column;  // (rows, width)
    float* keep = p.d_parameters && !mlp.norm ? p.layer_dz(m, layer) + row * mlp.width : nullptr;
#pragma unroll
    for (int r = 0; r < T::kRows; r++) {
      int at = (r0 + r) * mlp.width;
      float factor = r0 + r < count ? factors[at] : 0.0f;
      dz[r] = mlp.silu ? dh[r] * factor : factor > 0.0f ? dh[r] : 0.0f;
      if (keep && r0 + r < count) keep[at + column] = dz[r];
    }
  }

  // dx, or this member's part of it.
  MPDP_DEVICE void store_inputs(int r0, int column, const float* values) {
    float* target = p.sums_dx() ? p.dx_parts : p.dx;
    bool add = p.call.flag(12) && !p.sums_dx();
    target += (m * p.rows + row) * mlp.inputs + column;
#pragma unroll
    for (int r = 0; r < T::kRows; r++) {
      if (r0 + r < count) put(target + (r0 + r) * mlp.inputs, values[r], add);
    }
  }

  // Columns (inputs of `layer`) from `first` on.
  MPDP_DEVICE void pass(int layer, int first, const Slice& next) {
    constexpr int kRows = T::kRows, kColumns = T::kColumns;
    float sums[kRows][kColumns];
    Slice now = slice(layer, first);
    typename T::Unit u = tile.multiply(now, next, from, to, sums);
    if (u.split > 0) return;
#pragma unroll
    for (int c = 0; c < kColumns; c++) {
      int column = first + u.column + 32 * c;
      if (column >= mlp.in(layer)) continue;
      float dh[kRows], dz[kRows];
#pragma unroll
      for (int r = 0; r < kRows; r++) dh[r] = sums[r][c];
      if (layer == 0) {
        store_inputs(u.row, column, dh);
        continue;
      }
      through_activation(layer - 1, u.row, column, dh, dz);
#pragma unroll
      for (int r = 0; r < kRows; r += 4) {
        *reinterpret_cast<float4*>(to + column * T::kPitch + u.row + r) =
            make_float4(dz[r], dz[r + 1], dz[r + 2], dz[r + 3]);
      }
    }
  }

  // Sums of one unit after another for LayerNorm's gain and shift; a thread takes a unit.
  MPDP_DEVICE void sum_norm(int layer, const Tape& kept) const {
    for (int c = static_cast<int>(threadIdx.x); c < mlp.width; c += T::kThreads) {
      const float* g = to + c * T::kPitch;
      for (int r0 = 0; r0 < count; r0 += kNormRows) {
        float gain = 0.0f, shift = 0.0f;
        for (int r = r0; r < r0 + kNormRows && r < count; r++) {
          gain += g[r] * kept.normalised[r * mlp.width + c];
          shift += g[r];
        }
        float* sums = p.norm_sum(m, layer, (row + r0) / kNormRows);
        sums[c] = gain;
        sums[mlp.width + c] = shift;
      }
    }
  }

  // The whole tile through LayerNorm in place, a warp a row: with n normalised and g = gain dz,
  // (g - mean g - n mean(n g)) / std.
  MPDP_DEVICE void through_norm(int layer) const {
    Tape kept = p.tape(layer, m, row);
    const float* gain =
        p.call.in(1) + mlp.gain(layer) + (p.first + m) * mlp.width;  // (members, width): one's
    float* keep = p.d_parameters ? p.layer_dz(m, layer) + row * mlp.width : nullptr;
    __syncthreads();
    if (p.d_parameters) sum_norm(layer, kept);
    __syncthreads();
    float share = 1.0f / static_cast<float>(mlp.width);
    for (int r = tile.warp; r < count; r += T::kWarps) {
      const float* n = kept.normalised + r * mlp.width;
      float total = 0.0f, product = 0.0f, *g = to + r;
      for (int c = tile.lane; c < mlp.width; c += 32) {
        float v = g[c * T::kPitch] * gain[c];
        g[c * T::kPitch] = v;  // not made again below: its rounding would differ in an fma
        total += v;
        product += v * n[c];
      }
      float mean = warp_sum(total) * share, slope = warp_sum(product) * share;
      for (int c = tile.lane; c < mlp.width; c += 32) {
        float v = kept.deviation[r] * (g[c * T::kPitch] - mean - n[c] * slope);
        g[c * T::kPitch] = v;
        if (keep) keep[r * mlp.width + c] = v;
      }
    }
  }

  MPDP_DEVICE void run() {
    if (count <= 0) return;
    int last = p.dx ? 0 : 1;
    tile.issue(slice(mlp.layers, 0), 0, 0);
    const float* dy = p.call.in(3) + (m * p.rows + row) * mlp.outputs;  // (rows, outputs)
    tile.load(dy, mlp.outputs, count, from);
    for (int layer = mlp.layers; layer >= last; layer--) {
      int in = mlp.in(layer);
      for (int first = 0; first < in; first += T::kPass) {
        Slice next;
        if (first + T::kPass < in) {
          next = slice(layer, first + T::kPass);
        } else if (layer > last) {
          next = slice(layer - 1, 0);
        }
        pass(layer, first, next);
      }
      if (layer > 0 && mlp.norm) through_norm(layer - 1);
      float* done = from;
      from = to;
      to = done;
    }
  }
};

}  // namespace mpdp::mlp_backward
