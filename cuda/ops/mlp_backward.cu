// Backward pass of the ensemble MLP; see mpdp.backend.op.MlpBackward. The rows phase makes dz of
// every layer and dx, fused over layers for a tile of rows (mlp_backward_rows.cuh); the weights
// phase makes all dW and db in one grouped launch (mlp_backward_weights.cuh). What is left adds up
// in a fixed order: members' parts of a shared dx, splits of the rows, LayerNorm's groups of rows.
// No atomics: the same bits in every run. 2 flops a weight and row for each phase, FFMA-bound;
// the rows phase has three tile heights for the same reason as mlp_forward.
#include "mlp_backward_weights.cuh"

namespace mpdp::mlp_backward {
template <class T>
MPDP_DEVICE void rows_phase(const Call& call, float* scratch, float* shared) {
  Problem p(call, scratch);
  Rows<T>(p, shared).run();
}
}  // namespace mpdp::mlp_backward

MPDP_KERNEL(mlp_backward_short, 256) {
  MPDP_DYNAMIC_SHARED(float, shared);
  mpdp::mlp_backward::rows_phase<mpdp::MlpTile<8, 8, 1, true>>(call, scratch, shared);
}

MPDP_KERNEL(mlp_backward, 256) {
  MPDP_DYNAMIC_SHARED(float, shared);
  mpdp::mlp_backward::rows_phase<mpdp::MlpTile<16, 8, 2, true>>(call, scratch, shared);
}

MPDP_KERNEL(mlp_backward_tall, 256) {
  MPDP_DYNAMIC_SHARED(float, shared);
  mpdp::mlp_backward::rows_phase<mpdp::MlpTile<32, 16, 2, true>>(call, scratch, shared);
}

// dx = or += the members' parts, in member order.
MPDP_KERNEL(mlp_backward_inputs, 256) {
  mpdp::mlp_backward::Problem p(call, scratch);
  int64_t words = p.rows * p.mlp.inputs, present = p.present * p.mlp.inputs;
  for (int64_t i = mpdp::first_item(); i < present; i += mpdp::item_stride()) {
    float sum = 0.0f;
    for (int64_t m = 0; m < p.members; m++) sum += p.dx_parts[m * words + i];
    mpdp::put(p.dx + i, sum, call.flag(12));
  }
}

MPDP_KERNEL(mlp_backward_weights, 128) {
  using namespace mpdp::mlp_backward;
  __shared__ __align__(16) Stages stages;
  Problem p(call, scratch);
  Weights w(p, stages);
  int thread = static_cast<int>(threadIdx.x), down = thread / 16 * 8, across = thread % 16 * 4;
  float sums[8][4] = {}, bias = 0.0f;
  w.run(down, across, sums, &bias);
  w.store(down, across, sums, bias);
}

// Adds the splits of the weights phase in order. gridDim.y is their number; the blocks of a tile
// share its rows.
MPDP_KERNEL(mlp_backward_join, 256) {
  using namespace mpdp::mlp_backward;
  Problem p(call, scratch);
  WeightTile t(p, blockIdx.x);
  int thread = static_cast<int>(threadIdx.x), splits = static_cast<int>(gridDim.y);
  int column = thread % kSide, row = static_cast<int>(blockIdx.y) * 4 + thread / kSide;
  if (t.column + column >= t.out) return;
  auto join = [&](int64_t word) {
    float sum = 0.0f;
    for (int s = 0; s < splits; s++) sum += p.weight_parts[s * p.parameter_words() + word];
    mpdp::put(p.d_parameters + word, sum, call.flag(11));
  };
  if (t.row == 0 && row == 0) join(t.bias(p) + column);
  for (; row < kSide && t.row + row < t.in; row += 4 * splits) {
    join(t.weights(p) + static_cast<int64_t>(row) * t.out + column);
  }
}

// Gradients of LayerNorm's gain and shift: the groups' sums, in order. Blocks are (layers,
// members).
MPDP_KERNEL(mlp_backward_norm, 256) {
  using namespace mpdp::mlp_backward;
  Problem p(call, scratch);
  int layer = static_cast<int>(blockIdx.x), width = p.mlp.width;
  int64_t m = blockIdx.y, groups = (p.present + kNormRows - 1) / kNormRows;
  for (int c = static_cast<int>(threadIdx.x); c < 2 * width; c += 256) {
    float sum = 0.0f;
    for (int64_t g = 0; g < groups; g++) sum += p.norm_sum(m, layer, g)[c];
    int64_t block = c < width ? p.mlp.gain(layer) : p.mlp.shift(layer);
    mpdp::put(p.d_parameters + block + (p.first + m) * width + c % width, sum, call.flag(11));
  }
}
