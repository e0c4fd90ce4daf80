// The layouts of mpdp.backend.op.MlpShape: parameters, tape, scratch; and of packed weights.
#pragma once
#include "mpdp/gemm.h"
#include "mpdp/layer_norm.h"
#include "mpdp/single_output.h"

namespace mpdp::MPDP_ISA {
namespace {

enum RowMode { kShared, kPrivate, kRouted };
enum Activation { kRelu, kSilu };

MPDP_INLINE int64_t align16(int64_t words) { return round_up(words, 16); }

// The MlpShape of mlp_forward or mlp_backward, which have it in the same places. `layers` counts
// hidden layers; layer `layers` is the output layer.
struct Mlp {
  int64_t members, inputs, width, layers, outputs;
  bool silu, norm;

  explicit Mlp(const Call& call) {
    using namespace operands::mlp_forward;
    static_assert(kMembers == operands::mlp_backward::kMembers);
    static_assert(kNorm == operands::mlp_backward::kNorm);
    members = call.size(kMembers);
    inputs = call.size(kInputs);
    width = call.size(kWidth);
    layers = call.size(kLayers);
    outputs = call.size(kOutputs);
    silu = call.size(kActivation) == kSilu;
    norm = call.flag(kNorm);
  }

  int64_t in(int64_t layer) const { return layer == 0 ? inputs : width; }
  int64_t out(int64_t layer) const { return layer == layers ? outputs : width; }
  int64_t widest() const {
    int64_t n = width > outputs ? width : outputs;
    return n > inputs ? n : inputs;
  }

  // First words of a layer's blocks in the parameter vector.
  int64_t weights(int64_t layer) const {
    int64_t at = 0;
    for (int64_t l = 0; l < layer; l++) {
      at += align16(members * in(l)*out(l)) + (norm ? 3 : 1) * align16(members * out(l));
    }
    return at;
  }
  int64_t bias(int64_t layer) const {
    return weights(layer) + align16(members * in(layer)*out(layer));
  }
  int64_t gain(int64_t layer) const { return bias(layer) + align16(members * out(layer)); }
  int64_t shift(int64_t layer) const { return gain(layer) + align16(members * out(layer)); }
};

// The blocks of one hidden layer's tape.
struct Tape {
  float* h;           // (members, rows, width)
  float* derivative;  // (members, rows, width), SiLU only
  float* normalised;  // (members, rows, width), norm only
  float* inv_std;     // 1/std (members, rows), norm only

  Tape(const Mlp& mlp, float* tape, int64_t layer, int64_t members, int64_t rows) {
    int64_t matrix = align16(members * rows * mlp.width);
    int64_t matrices = 1 + mlp.silu + mlp.norm;
    h = tape + layer * (matrices * matrix + (mlp.norm ? align16(members * rows) : 0));
    derivative = h + matrix;
    normalised = h + (1 + mlp.silu) * matrix;
    inv_std = h + matrices * matrix;
  }
};

}  // namespace
}  // namespace mpdp::MPDP_ISA
