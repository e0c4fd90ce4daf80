// The rows phase of mlp_backward: one block takes one member and one tile of rows from dy down
// through all layers, dz = (dz W^T) act', through LayerNorm, with the gradients in shared memory
// from layer to layer. W^T streams through shared memory (mlp_tile.cuh). Routed rows have kernels
// of their own: one for both, whose first row may come from memory, takes 16 to 30 registers more.
#pragma once
#include "mlp_tile.cuh"

namespace mpdp::mlp_backward {
using namespace operands::mlp_backward;

// Rows whose LayerNorm gradients are summed together, whatever the tile's height.
constexpr int kNormRows = 8;

// The operands, and how the launch's scratch is divided: the members' parts of a shared dx, then
// sums for gain and shift. MlpLaunches computes the same sizes.
struct Problem {
  const Call& call;
  Mlp mlp;
  int64_t rows, first, members, present;
  int mode;
  float *d_parameters, *dx;  // MlpShape layout, shape of x; or null
  float* dx_parts;           // (members, rows, inputs)
  float* norm_sums;          // (members, layers, groups, 2, width): gain, shift

  MPDP_DEVICE Problem(const Call& c, float* scratch)
      : call(c),
        mlp(c),
        rows(c.size(kRows)),
        first(c.size(kFirstMember)),
        members(c.size(kMemberCount)),
        present(c.present(rows, kCount)),
        mode(static_cast<int>(c.size(kMode))),
        d_parameters(c.out(kDParameters)),
        dx(c.out(kDx)) {
    dx_parts = scratch;
    norm_sums = dx_parts + (sums_dx() ? align16(members * rows * mlp.inputs) : 0);
  }

  MPDP_DEVICE bool sums_dx() const { return dx && mode == kShared && members > 1; }
  MPDP_DEVICE int64_t groups() const { return (rows + kNormRows - 1) / kNormRows; }
  MPDP_DEVICE float* norm_sum(int64_t m, int layer, int64_t group) const {
    return norm_sums + ((m * mlp.layers + layer) * groups() + group) * 2 * mlp.width;
  }
  // One member's rows of dz of a hidden layer, kept in the scratch operand: (rows, width).
  MPDP_DEVICE float* layer_dz(int64_t m, int layer) const {
    return call.out(kScratch) + layer * align16(members * rows * mlp.width) + m * rows * mlp.width;
  }
  MPDP_DEVICE Tape tape(int layer, int64_t m, int64_t row) const {
    return Tape(mlp, call.out(kTape), layer, members * rows, m * rows + row);
  }
};

// Blocks are (tiles, members), as if every member had all rows: of routed rows most blocks have
// none, and end at once.
template <class T, bool kRoutedRows>
struct Rows {
  const Problem& p;
  const Mlp& mlp;
  int64_t row, m;  // the tile's first row of the member's, member
  int count;       // rows in this tile
  T tile;
  float *from, *to;  // shared gradients (units, kPitch)

  MPDP_DEVICE Rows(const Problem& problem, float* shared)
      : p(problem),
        mlp(problem.mlp),
        row(static_cast<int64_t>(blockIdx.x) * T::kTile),
        m(blockIdx.y),
        count(static_cast<int>(least(T::kTile, p.present - row))),
        tile(shared),
        from(shared + T::Stream::kStages * T::Stream::kStageWords),
        to(from + T::activation_words(mlp)) {
    if (kRoutedRows) count = static_cast<int>(least(T::kTile, offsets()[1] - offsets()[0] - row));
  }

  // Where the member's routed rows begin and end.
  MPDP_DEVICE const int32_t* offsets() const { return p.call.ints(kOffsets) + m; }
  // The tile's first row in dy, dx and on the tape.
  MPDP_DEVICE int64_t place() const { return (kRoutedRows ? offsets()[0] : m * p.rows) + row; }
  MPDP_DEVICE bool keeps() const { return !kRoutedRows && p.d_parameters; }
  MPDP_DEVICE Tape tape(int layer) const {
    int64_t all = kRoutedRows ? p.rows : p.members * p.rows;
    return Tape(mlp, p.call.out(kTape), layer, all, place());
  }

  MPDP_DEVICE Slice slice(int layer, int column) const {
    int in = mlp.in(layer), out = mlp.out(layer);
    const float* w = p.call.in(kParameters) + mlp.weights(layer) +
                     (p.first + m) * static_cast<int64_t>(in) * out;  // (in, out)
    return T::Stream::slice(w, out, in, column);
  }
  // From one pass to the one after it.
  MPDP_DEVICE bool next(int& layer, int& column) const {
    column += T::kPass;
    if (column >= mlp.in(layer)) layer--, column = 0;
    return layer >= (p.dx ? 0 : 1);
  }

  // dx, or this member's part of it.
  MPDP_DEVICE void store_inputs(int first, const typename T::Sums& sums) {
    float* target = p.sums_dx() ? p.dx_parts : p.dx;
    bool add = p.call.flag(kAccumulateInputs) && !p.sums_dx();
    target += place() * mlp.inputs;
#pragma unroll
    for (int i = 0; i < 2 * T::kBlocks; i++) {
      int column = first + tile.unit_of(i / 2, i % 2 * 2);
      if (column >= mlp.inputs) continue;
#pragma unroll
      for (int j = 0; j < 2 * T::kFragments; j++) {
        int r = tile.row_of(j / 2, j % 2);
        float value = sums[i / 2][j / 2][i % 2 * 2 + j % 2];
        if (r < count) put(target + r * mlp.inputs + column, value, add);
      }
    }
  }

  // dh becomes dz (before LayerNorm) of the layer below, kept for the weights phase. `factors` are
  // what its activation left: the derivative, or the value.
  MPDP_DEVICE void store_units(int layer, int first, typename T::Sums& dh,
                               const typename T::Sums& factors) {
#pragma unroll
    for (int i = 0; i < T::kValues; i++) {
      float& d = nth(dh, i);
      float factor = nth(factors, i);
      d = mlp.silu ? d * factor : factor > 0.0f ? d : 0.0f;
    }
    tile.keep(to, mlp.width, first, dh);
    if (keeps() && !mlp.norm) {
      tile.store(p.layer_dz(m, layer - 1) + row * mlp.width, mlp.width, first, count, dh);
    }
  }

  // Columns (inputs of `layer`) from `first` on.
  MPDP_DEVICE void pass(int layer, int first) {
    typename T::Sums sums, factors;
    Slice now = slice(layer, first);
    typename T::Unit u = T::unit(now, first);
    first += u.first;
    if (layer > 0 && u.split == 0) {  // loaded while the weights are on their way
      Tape kept = tape(layer - 1);
      tile.fetch(mlp.silu ? kept.derivative : kept.h, mlp.width, first, count, factors);
    }
    tile.multiply(*this, now, u, from, to, sums);
    if (u.split > 0) return;
    if (layer == 0) {
      store_inputs(first, sums);
    } else {
      store_units(layer, first, sums, factors);
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
    Tape kept = tape(layer);
    const float* gain = p.call.in(kParameters) + mlp.gain(layer) +
                        (p.first + m) * mlp.width;  // (members, width): one's
    float* keep = keeps() ? p.layer_dz(m, layer) + row * mlp.width : nullptr;
    __syncthreads();
    if (keeps()) sum_norm(layer, kept);
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
        float v = kept.inv_std[r] * (g[c * T::kPitch] - mean - n[c] * slope);
        g[c * T::kPitch] = v;
        if (keep) keep[r * mlp.width + c] = v;
      }
    }
  }

  MPDP_DEVICE void run() {
    if (count <= 0) return;
    tile.weights.start(*this, mlp.layers);
    const float* dy = p.call.in(kDy) + place() * mlp.outputs;  // (rows, outputs)
    tile.load(dy, mlp.outputs, count, from);
    for (int layer = mlp.layers; layer >= (p.dx ? 0 : 1); layer--) {
      for (int first = 0; first < mlp.in(layer); first += T::kPass) pass(layer, first);
      if (layer > 0 && mlp.norm) through_norm(layer - 1);
      float* done = from;
      from = to;
      to = done;
    }
  }
};

}  // namespace mpdp::mlp_backward
