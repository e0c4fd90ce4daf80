// Batched ensemble-MLP forward; see mpdp.backend.op.MlpForward. A block takes one member and one
// tile of rows through all layers: activations stay in shared memory, weights stream through it
// (mlp_tile.cuh), and bias, LayerNorm, activation and tape are done on the results while they are
// in registers. So global memory sees the weights once per tile (from L2), x, y and the tape.
// 2 flops a weight and row, three times on the tensor cores for fp32. Three tile heights: small
// batches need short tiles to fill the device, large ones tall tiles that stream fewer weights.
//   shared: the WeightStream's stages, activations (2, words)
#include "mlp_tile.cuh"

namespace mpdp::mlp_forward {
using namespace operands::mlp_forward;

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
        rows(c.size(kRows)),
        members(c.size(kMemberCount)),
        mode(static_cast<int>(c.size(kMode))),
        tile(shared),
        from(shared + T::Stream::kStages * T::Stream::kStageWords),
        to(from + words) {
    int64_t end = place();
    count = static_cast<int>(least(T::kTile, end - row));
  }

  // Finds this block's member and first row; returns the end of the member's rows.
  MPDP_DEVICE int64_t place() {
    m = static_cast<int>(blockIdx.y);
    row = static_cast<int64_t>(blockIdx.x) * T::kTile;
    if (mode != kRouted) return call.present(rows, kCount);
    const int32_t* offsets = call.ints(kOffsets);  // (members + 1)
    int64_t before = 0;                            // tiles of the members before m
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
    const float* w = call.in(kParameters) + mlp.weights(layer) +
                     (call.size(kFirstMember) + m) * static_cast<int64_t>(in) * out;  // (in, out)
    return T::Stream::slice(w, in, out, first);
  }
  // From one pass to the one after it.
  MPDP_DEVICE bool next(int& layer, int& first) const {
    first += T::kPass;
    if (first >= mlp.out(layer)) layer++, first = 0;
    return layer <= mlp.layers;
  }
  // One member's vector in the parameters, for blocks of (members, out).
  MPDP_DEVICE const float* vector(int64_t block, int out) const {
    return call.in(kParameters) + block + (call.size(kFirstMember) + m) * out;
  }
  // The tile's first row in y and on the tape.
  MPDP_DEVICE int64_t place_of_tile() const { return (mode == kRouted ? 0 : m * rows) + row; }
  MPDP_DEVICE Tape tape(int layer) const {
    int64_t all = mode == kRouted ? rows : members * rows;
    return Tape(mlp, call.out(kTape), layer, all, place_of_tile());
  }

  // LayerNorm and activation of the whole tile in place; a warp takes a row.
  MPDP_DEVICE void normalise(int layer) const {
    const float* gain = vector(mlp.gain(layer), mlp.width);    // (width)
    const float* shift = vector(mlp.shift(layer), mlp.width);  // (width)
    Tape kept = tape(layer);
    bool keep = call.out(kTape) != nullptr;
    __syncthreads();
    for (int r = tile.warp; r < count; r += T::kWarps) {
      float sum = 0.0f, squares = 0.0f, *z = to + r;
      for (int c = tile.lane; c < mlp.width; c += 32) sum += z[c * T::kPitch];
      float mean = warp_sum(sum) / static_cast<float>(mlp.width);
      for (int c = tile.lane; c < mlp.width; c += 32) squares += square(z[c * T::kPitch] - mean);
      float variance = warp_sum(squares) / static_cast<float>(mlp.width);
      float inv_std = 1.0f / sqrtf(variance + kNormEpsilon);
#pragma unroll 1
      for (int c = tile.lane; c < mlp.width; c += 32) {
        int at = r * mlp.width + c;
        float n = (z[c * T::kPitch] - mean) * inv_std;
        if (keep) kept.normalised[at] = n;
        z[c * T::kPitch] = activate(mlp, n * gain[c] + shift[c], kept, at, keep);
      }
      if (keep && tile.lane == 0) kept.inv_std[r] = inv_std;
    }
  }

  // z becomes act(z); its derivative for the tape.
  MPDP_DEVICE void activate_all(typename T::Sums& z, typename T::Sums& derivative) const {
    if (mlp.silu) {
#pragma unroll
      for (int i = 0; i < T::kValues; i++) {
        float& h = nth(z, i);
        float s = sigmoid(h);
        h *= s;
        nth(derivative, i) = s + h * (1.0f - s);
      }
    } else {
#pragma unroll
      for (int i = 0; i < T::kValues; i++) {
        float& h = nth(z, i);
        h = h < 0.0f ? 0.0f : h;  // a NaN stays
      }
    }
  }

  // Units from `first` on of a layer: results to shared memory, or of the last one to y.
  MPDP_DEVICE void pass(int layer, int first) {
    typename T::Sums sums;
    Slice now = slice(layer, first);
    typename T::Unit u = T::unit(now, first);
    int out = mlp.out(layer);
    float bias[2 * T::kBlocks];  // loaded while the weights are on their way
    first += u.first;
#pragma unroll
    for (int i = 0; i < 2 * T::kBlocks; i++) {
      int column = first + tile.unit_of(i / 2, i % 2 * 2);
      bias[i] = column < out ? vector(mlp.bias(layer), out)[column] : 0.0f;
    }
    tile.multiply(*this, now, u, from, to, sums);
    if (u.split > 0) return;
#pragma unroll
    for (int i = 0; i < 2 * T::kBlocks; i++) {
#pragma unroll
      for (int j = 0; j < 2 * T::kFragments; j++) sums[i / 2][j / 2][i % 2 * 2 + j % 2] += bias[i];
    }
    if (layer == mlp.layers) {
      tile.store(call.out(kY) + place_of_tile() * out, out, first, count, sums);
      return;
    }
    if (!mlp.norm) finish(layer, first, sums);
    tile.keep(to, out, first, sums);
  }

  MPDP_DEVICE void finish(int layer, int first, typename T::Sums& sums) const {
    typename T::Sums derivative;
    activate_all(sums, derivative);
    if (!call.out(kTape)) return;
    Tape kept = tape(layer);
    tile.store(kept.h, mlp.width, first, count, sums);
    if (mlp.silu) tile.store(kept.derivative, mlp.width, first, count, derivative);
  }

  MPDP_DEVICE void run() {
    if (count <= 0) return;
    tile.weights.start(*this, 0);
    const float* x = call.in(kX) + ((mode == kPrivate ? m * rows : 0) + row) * mlp.inputs;
    tile.load(x, mlp.inputs, count, from);
    for (int layer = 0; layer <= mlp.layers; layer++) {
      for (int first = 0; first < mlp.out(layer); first += T::kPass) pass(layer, first);
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

// A kernel for each tile height, depth of a chunk and precision: MlpLaunches chooses. bf16 is the
// op's own wish, fp32 and tf32 are how float32 is multiplied.
#define MPDP_MLP_FORWARD(name, rows, depth, precision)               \
  MPDP_KERNEL(name, 256, 1) {                                        \
    MPDP_DYNAMIC_SHARED(float, shared);                              \
    using Tile = mpdp::MlpTile<rows, depth, mpdp::precision, false>; \
    mpdp::mlp_forward::run<Tile>(call, shared);                      \
  }
MPDP_MLP_FORWARD(mlp_forward_8_64, 8, 64, kFloat)
MPDP_MLP_FORWARD(mlp_forward_8_16, 8, 16, kFloat)
MPDP_MLP_FORWARD(mlp_forward_16_64, 16, 64, kFloat)
MPDP_MLP_FORWARD(mlp_forward_16_16, 16, 16, kFloat)
MPDP_MLP_FORWARD(mlp_forward_32_64, 32, 64, kFloat)
MPDP_MLP_FORWARD(mlp_forward_32_16, 32, 16, kFloat)
MPDP_MLP_FORWARD(mlp_forward_8_64_tf32, 8, 64, kTf32)
MPDP_MLP_FORWARD(mlp_forward_8_16_tf32, 8, 16, kTf32)
MPDP_MLP_FORWARD(mlp_forward_16_64_tf32, 16, 64, kTf32)
MPDP_MLP_FORWARD(mlp_forward_16_16_tf32, 16, 16, kTf32)
MPDP_MLP_FORWARD(mlp_forward_32_64_tf32, 32, 64, kTf32)
MPDP_MLP_FORWARD(mlp_forward_32_16_tf32, 32, 16, kTf32)
MPDP_MLP_FORWARD(mlp_forward_8_64_bf16, 8, 64, kBf16)
MPDP_MLP_FORWARD(mlp_forward_8_16_bf16, 8, 16, kBf16)
MPDP_MLP_FORWARD(mlp_forward_16_64_bf16, 16, 64, kBf16)
MPDP_MLP_FORWARD(mlp_forward_16_16_bf16, 16, 16, kBf16)
MPDP_MLP_FORWARD(mlp_forward_32_64_bf16, 32, 64, kBf16)
MPDP_MLP_FORWARD(mlp_forward_32_16_bf16, 32, 16, kBf16)
