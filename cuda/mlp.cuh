// The layouts of mpdp.backend.op.MlpShape: parameters and tape.
#pragma once
#include "math.cuh"

namespace mpdp {

enum RowMode { kShared, kPrivate, kRouted };
enum Activation { kRelu, kSilu };

constexpr float kNormEpsilon = 1e-5f;

MPDP_DEVICE int64_t align16(int64_t words) { return (words + 15) & ~int64_t{15}; }

// The MlpShape of mlp_forward or mlp_backward, which have it in the same places. `layers` counts
// hidden layers; layer `layers` is the output layer.
struct Mlp {
  int64_t members;
  int inputs, width, layers, outputs;
  bool silu, norm;

  explicit MPDP_DEVICE Mlp(const Call& call) {
    using namespace operands::mlp_forward;
    static_assert(kMembers == operands::mlp_backward::kMembers);
    static_assert(kNorm == operands::mlp_backward::kNorm);
    members = call.size(kMembers);
    inputs = static_cast<int>(call.size(kInputs));
    width = static_cast<int>(call.size(kWidth));
    layers = static_cast<int>(call.size(kLayers));
    outputs = static_cast<int>(call.size(kOutputs));
    silu = call.size(kActivation) == kSilu;
    norm = call.flag(kNorm);
  }

  MPDP_DEVICE int in(int layer) const { return layer == 0 ? inputs : width; }
  MPDP_DEVICE int out(int layer) const { return layer == layers ? outputs : width; }

  // First words of a layer's blocks in the parameter vector.
  MPDP_DEVICE int64_t weights(int layer) const {
    if (layer == 0) return 0;
    int64_t vectors = (norm ? 3 : 1) * align16(members * width);
    return align16(members * inputs * width) + vectors +
           (layer - 1) * (align16(members * width * width) + vectors);
  }
  MPDP_DEVICE int64_t bias(int layer) const {
    return weights(layer) + align16(members * in(layer)*out(layer));
  }
  MPDP_DEVICE int64_t gain(int layer) const { return bias(layer) + align16(members * out(layer)); }
  MPDP_DEVICE int64_t shift(int layer) const { return gain(layer) + align16(members * out(layer)); }
};

// The blocks of one hidden layer's tape, from one member's row on.
struct Tape {
  float* h;           // (rows, width)
  float* derivative;  // (rows, width), SiLU only
  float* normalised;  // (rows, width), norm only
  float* inv_std;     // 1/std (rows), norm only

  // `row` counts over members: member * rows + row of `all` = members * rows.
  MPDP_DEVICE Tape(const Mlp& mlp, float* tape, int layer, int64_t all, int64_t row) {
    int64_t matrix = align16(all * mlp.width), matrices = 1 + mlp.silu + mlp.norm;
    h = tape + layer * (matrices * matrix + (mlp.norm ? align16(all) : 0)) + row * mlp.width;
    derivative = h + matrix;
    normalised = h + (1 + mlp.silu) * matrix;
    inv_std = tape + layer * (matrices * matrix + (mlp.norm ? align16(all) : 0)) +
              matrices * matrix + row;
  }
};

// h = act(z); keeps it, and SiLU's derivative, at word `at` of the tape.
MPDP_DEVICE float activate(const Mlp& mlp, float z, const Tape& kept, int at, bool keep) {
  float h = z < 0.0f ? 0.0f : z;  // a NaN stays
  if (mlp.silu) {
    float s = sigmoid(z);
    h = z * s;
    if (keep) kept.derivative[at] = s + h * (1.0f - s);
  }
  if (keep) kept.h[at] = h;
  return h;
}

}  // namespace mpdp
