// Backward pass of the ensemble MLP; see mpdp.backend.op.MlpBackward. The rows phase makes dz of
// every layer and dx, fused over layers for a tile of rows (mlp_backward_rows.cuh); the weights
// phase makes all dW and db in one grouped launch (mlp_backward_weights.cuh). What is left adds up
// in a fixed order: members' parts of a shared dx, LayerNorm's groups of rows.
// No atomics: the same bits in every run. 2 flops a weight and row for each phase;
// the rows phase has three tile heights for the same reason as mlp_forward.
#include "mlp_backward_weights.cuh"

namespace mpdp::mlp_backward {
using namespace operands::mlp_backward;
template <class T, bool kRoutedRows>
MPDP_DEVICE void rows_phase(const Call& call, float* scratch, float* shared) {
  Problem p(call, scratch);
  Rows<T, kRoutedRows>(p, shared).run();
}

template <Precision kPrecision, int kSide>
MPDP_DEVICE void weights_phase(const Call& call, float* scratch) {
  using Tile = Weights<kPrecision, kSide>;
  __shared__ __align__(16) typename Tile::Shared shared;
  Problem p(call, scratch);
  Tile(p, shared).run();
}
}  // namespace mpdp::mlp_backward

// The rows phase for each tile height, depth of a chunk, precision and kind of rows: MlpLaunches
// chooses.
#define MPDP_MLP_BACKWARD(name, rows, depth, precision, routed)          \
  MPDP_KERNEL(name, 256, 1) {                                            \
    MPDP_DYNAMIC_SHARED(float, shared);                                  \
    using Tile = mpdp::MlpTile<rows, depth, mpdp::precision, true>;      \
    mpdp::mlp_backward::rows_phase<Tile, routed>(call, scratch, shared); \
  }
MPDP_MLP_BACKWARD(mlp_backward_8_64, 8, 64, kFloat, false)
MPDP_MLP_BACKWARD(mlp_backward_8_16, 8, 16, kFloat, false)
MPDP_MLP_BACKWARD(mlp_backward_16_64, 16, 64, kFloat, false)
MPDP_MLP_BACKWARD(mlp_backward_16_16, 16, 16, kFloat, false)
MPDP_MLP_BACKWARD(mlp_backward_32_64, 32, 64, kFloat, false)
MPDP_MLP_BACKWARD(mlp_backward_32_16, 32, 16, kFloat, false)
MPDP_MLP_BACKWARD(mlp_backward_8_64_tf32, 8, 64, kTf32, false)
MPDP_MLP_BACKWARD(mlp_backward_8_16_tf32, 8, 16, kTf32, false)
MPDP_MLP_BACKWARD(mlp_backward_16_64_tf32, 16, 64, kTf32, false)
MPDP_MLP_BACKWARD(mlp_backward_16_16_tf32, 16, 16, kTf32, false)
MPDP_MLP_BACKWARD(mlp_backward_32_64_tf32, 32, 64, kTf32, false)
MPDP_MLP_BACKWARD(mlp_backward_32_16_tf32, 32, 16, kTf32, false)
MPDP_MLP_BACKWARD(mlp_backward_routed_8_64, 8, 64, kFloat, true)
MPDP_MLP_BACKWARD(mlp_backward_routed_8_16, 8, 16, kFloat, true)
MPDP_MLP_BACKWARD(mlp_backward_routed_16_64, 16, 64, kFloat, true)
MPDP_MLP_BACKWARD(mlp_backward_routed_16_16, 16, 16, kFloat, true)
MPDP_MLP_BACKWARD(mlp_backward_routed_32_64, 32, 64, kFloat, true)
MPDP_MLP_BACKWARD(mlp_backward_routed_32_16, 32, 16, kFloat, true)
MPDP_MLP_BACKWARD(mlp_backward_routed_8_64_tf32, 8, 64, kTf32, true)
MPDP_MLP_BACKWARD(mlp_backward_routed_8_16_tf32, 8, 16, kTf32, true)
MPDP_MLP_BACKWARD(mlp_backward_routed_16_64_tf32, 16, 64, kTf32, true)
MPDP_MLP_BACKWARD(mlp_backward_routed_16_16_tf32, 16, 16, kTf32, true)
MPDP_MLP_BACKWARD(mlp_backward_routed_32_64_tf32, 32, 64, kTf32, true)
MPDP_MLP_BACKWARD(mlp_backward_routed_32_16_tf32, 32, 16, kTf32, true)

// dx = or += the members' parts, in member order.
MPDP_KERNEL(mlp_backward_inputs, 256) {
  using namespace mpdp::operands::mlp_backward;
  mpdp::mlp_backward::Problem p(call, scratch);
  int64_t words = p.rows * p.mlp.inputs, present = p.present * p.mlp.inputs;
  for (int64_t i = mpdp::first_item(); i < present; i += mpdp::item_stride()) {
    float sum = 0.0f;
    for (int64_t m = 0; m < p.members; m++) sum += p.dx_parts[m * words + i];
    mpdp::put(p.dx + i, sum, call.flag(kAccumulateInputs));
  }
}

// The weights phase for each side of a tile and precision.
MPDP_KERNEL(mlp_backward_weights_32, 128) {
  mpdp::mlp_backward::weights_phase<mpdp::kFloat, 32>(call, scratch);
}
MPDP_KERNEL(mlp_backward_weights_64, 128) {
  mpdp::mlp_backward::weights_phase<mpdp::kFloat, 64>(call, scratch);
}
MPDP_KERNEL(mlp_backward_weights_32_tf32, 128) {
  mpdp::mlp_backward::weights_phase<mpdp::kTf32, 32>(call, scratch);
}
MPDP_KERNEL(mlp_backward_weights_64_tf32, 128) {
  mpdp::mlp_backward::weights_phase<mpdp::kTf32, 64>(call, scratch);
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
    mpdp::put(p.d_parameters + block + (p.first + m) * width + c % width, sum,
              call.flag(kAccumulateParameters));
  }
}
