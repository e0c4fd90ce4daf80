// Batched ensemble-MLP forward; see mpdp.backend.op.MlpForward. A block takes one member and one
// tile of rows through all layers: activations stay in shared memory, weights stream through it
// (mlp_tile.cuh), and bias, LayerNorm, activation and tape are done on the results while they are
// in registers. So global memory sees the weights once per tile (from L2), x, y and the tape.
// 2 flops a weight and row; FFMA-bound from 16 rows a tile on. Three tile heights: small batches
// need short tiles to fill the device, large ones tall tiles that stream fewer weights.
//   shared: stages (2, kStageWords), activations (2, words)
#include "mlp_tile.cuh"

namespace mpdp::mlp_forward {

template <class T>
struct Forward {
  const Call& call;
  Mlp mlp;
  int64_t rows, members, row;  // row: the tile's first one
  int m, mode, count;          // member, row mode, rows in this tile
  T tile;
  float *from, *to;  // shared activations (units, kPitch)

  MPDP_DEVICE Forward(const Call& c, float* shared, int64_t words)
      : call(c),
        mlp(c),
        rows(c.size(7)),
        members(c.size(10)),
        mode(static_cast<int>(c.size(8))),
        tile(shared),
        from(shared + 2 * T::kStageWords),
        to(from + words) {
    int64_t end = place();
    count = static_cast<int>(least(T::kTile, end - row));
  }

  // Finds this block's member and first row; returns the end of the member's rows.
  MPDP_DEVICE int64_t place() {
    m = static_cast<int>(blockIdx.y);
    row = static_cast<int64_t>(blockIdx.x) * T::kTile;
    if (mode != kRouted) return call.present(rows, 3);
    const int32_t* offsets = call.ints(2);  // (members + 1)
    int64_t before = 0;                     // tiles of the members before m
    for (m = 0; m < members; m++) {
      int64_t first = offsets[m], end = offsets[m + 1];
      int64_t tiles = (end - first + T::kTile - 1) / T::kTile;
      row = first + (blockIdx.x - before) * T::kTile;
      if (blockIdx.x < before + tiles) return end;
      before += tiles;
    }
    return row;
  }

  MPDP_DEVICE Slice slice(int layer, int first) const {
    int in = mlp.in(layer), out = mlp.out(layer);
    const float* w = call.in(1) + mlp.weights(layer) +
                     (call.size(9) + m) * static_cast<int64_t>(in) * out;  // (in, out)
    return T::slice(w, in, out, first);
  }
  // One member's vector in the parameters, for blocks of (members, out).
  MPDP_DEVICE const float* vector(int64_t block, int out) const {
    return call.in(1) + block + (call.size(9) + m) * out;
  }
  MPDP_DEVICE Tape tape(int layer) const {
    return Tape(mlp, call.out(4), layer, members * rows, m * rows + row);
  }

  // h = act(z); keeps it, and SiLU's derivative, at word `at` of the tape.
  MPDP_DEVICE float activate(float z, const Tape& kept, int at, bool keep) const {
    float h = z < 0.0f ? 0.0f : z;  // a NaN stays
    if (mlp.silu) {
      float s = 1.0f / (1.0f + expf(-z));
      h = z * s;
      if (keep) kept.derivative[at] = s + h * (1.0f - s);
    }
    if (keep) kept.h[at] = h;
    return h;
  }

  // LayerNorm and activation of the whole tile in place; a warp takes a row.
  MPDP_DEVICE void normalise(int layer) const {
    const float* gain = vector(mlp.gain(layer), mlp.width);    // (width)
    const float* shift = vector(mlp.shift(layer), mlp.width);  // (width)
    Tape kept = tape(layer);
    bool keep = call.out(4) != nullptr;
    __syncthreads();
    for (int r = tile.warp; r < count; r += T::kWarps) {
      float sum = 0.0f, squares = 0.0f, *z = to + r;
      for (int c = tile.lane; c < mlp.width; c += 32) sum += z[c * T::kPitch];
      float mean = warp_sum(sum) / static_cast<float>(mlp.width);
      for (int c = tile.lane; c < mlp.width; c += 32) squares += square(z[c * T::kPitch] - mean);
      float variance = warp_sum(squares) / static_cast<float>(mlp.width);
      float inverse = 1.0f / sqrtf(variance + kNormEpsilon);
#pragma unroll 1
      for (int c = tile.lane; c < mlp.width; c += 32) {
        int at = r * mlp.width + c;
        float n = (z[c * T::kPitch] - mean) * inverse;
        if (keep) kept.normalised[at] = n;
        z[c * T::kPitch] = activate(n * gain[c] + shift[c], kept, at, keep);
      }
      if (keep && tile.lane == 0) kept.deviation[r] = inverse;
    }
  }

  // Columns from `first` on of a layer: results to shared memory, or of the last one to y.
  MPDP_DEVICE void pass(int layer, int first, const Slice& next) {
    constexpr int kRows = T::kRows, kColumns = T::kColumns;
    float sums[kRows][kColumns];
    Slice now = slice(layer, first);
    typename T::Unit u = tile.multiply(now, next, from, to, sums);
    if (u.split > 0) return;
    int out = mlp.out(layer);
    bool last = layer == mlp.layers, keep = call.out(4) != nullptr;
    const float* bias = vector(mlp.bias(layer), out);  // (out)
    float* y = call.out(5) + ((mode == kRouted ? 0 : m * rows) + row) * out;
    Tape kept = tape(layer);
#pragma unroll
    for (int c = 0; c < kColumns; c++) {
      int column = first + u.column + 32 * c;
      if (column >= out) continue;
      float b = bias[column];
#pragma unroll
      for (int r = 0; r < kRows; r++) {
        int at = (u.row + r) * out + column;
        bool here = u.row + r < count;
        float z = sums[r][c] + b;
        if (last) {
          if (here) y[at] = z;
        } else {
          sums[r][c] = mlp.norm ? z : activate(z, kept, at, keep && here);
        }
      }
#pragma unroll
      for (int r = 0; r < kRows && !last; r += 4) {
        *reinterpret_cast<float4*>(to + column * T::kPitch + u.row + r) =
            make_float4(sums[r][c], sums[r + 1][c], sums[r + 2][c], sums[r + 3][c]);
      }
    }
  }

  MPDP_DEVICE void run() {
    if (count <= 0) return;
    tile.issue(slice(0, 0), 0, 0);
    const float* x = call.in(0) + ((mode == kPrivate ? m * rows : 0) + row) * mlp.inputs;
    tile.load(x, mlp.inputs, count, from);
    for (int layer = 0; layer <= mlp.layers; layer++) {
      int out = mlp.out(layer);
      for (int first = 0; first < out; first += T::kPass) {
        Slice next;
        if (first + T::kPass < out) {
          next = slice(layer, first + T::kPass);
        } else if (layer < mlp.layers) {
          next = slice(layer + 1, 0);
        }
        pass(layer, first, next);
      }
      if (layer < mlp.layers && mlp.norm) normalise(layer);
      float* done = from;
      from = to;
      to = done;
    }
  }
};

template <class T>
MPDP_DEVICE void run(const Call& call, float* shared) {
  Mlp mlp(call);
  Forward<T>(call, shared, T::activation_words(mlp)).run();
}

}  // namespace mpdp::mlp_forward

MPDP_KERNEL(mlp_forward_short, 256) {
  MPDP_DYNAMIC_SHARED(float, shared);
  mpdp::mlp_forward::run<mpdp::MlpTile<8, 8, 1, false>>(call, shared);
}

MPDP_KERNEL(mlp_forward, 256) {
  MPDP_DYNAMIC_SHARED(float, shared);
  mpdp::mlp_forward::run<mpdp::MlpTile<16, 8, 2, false>>(call, shared);
}

MPDP_KERNEL(mlp_forward_tall, 256) {
  MPDP_DYNAMIC_SHARED(float, shared);
  mpdp::mlp_forward::run<mpdp::MlpTile<32, 16, 2, false>>(call, shared);
}
