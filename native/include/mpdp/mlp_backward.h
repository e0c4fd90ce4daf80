// Operands of mlp_backward, and what its two phases share.
#pragma once
#include <atomic>

#include "mpdp/row_tiles.h"
#include "mpdp/split.h"

namespace mpdp::MPDP_ISA {
namespace {

using namespace operands::mlp_backward;

constexpr int64_t kNormSumRows = 8 * kBlockRows;  // norm gradients are summed in blocks of rows

struct Backward {
  Mlp mlp;
  int64_t rows, mode, first, members, present;
  bool accumulate_parameters, accumulate_inputs;
  const float* x;           // (rows, inputs), or (members, rows, inputs) when private
  const float* parameters;  // MlpShape layout
  float* tape;              // MlpShape layout
  const float* dy;          // (members, rows, outputs), or (rows, outputs) when routed
  const int32_t* offsets;   // (members + 1), routed only
  float* dz;                // per hidden layer, aligned: (members, rows, width)
  float* d_parameters;      // MlpShape layout, or null
  float* dx;                // shape of x, or null

  int64_t taped;               // members on the tape
  bool splits_floats;          // how it multiplies (split.h)
  float* member_dx = nullptr;  // (members, rows, inputs): parts of dx to be summed, or null
  float* norm_sums = nullptr;  // (members, layers, norm blocks, 2, width): gain, shift, or null
  std::atomic<int32_t>* rows_done = nullptr;  // (members): rows that phase 1 has done, or null

  explicit Backward(const Call& call)
      : mlp(call),
        rows(call.size(kRows)),
        mode(call.size(kMode)),
        first(call.size(kFirstMember)),
        members(call.size(kMemberCount)),
        present(call.present(rows, kCount)),
        accumulate_parameters(call.flag(kAccumulateParameters)),
        accumulate_inputs(call.flag(kAccumulateInputs)),
        x(call.in(kX)),
        parameters(call.in(kParameters)),
        tape(call.out(kTape)),
        dy(call.in(kDy)),
        offsets(call.ints(kOffsets)),
        dz(call.out(kScratch)),
        d_parameters(call.out(kDParameters)),
        dx(call.out(kDx)),
        taped(mode == kRouted ? 1 : members),
        splits_floats(splits(rows, mode == kRouted, members)) {}

  // Rows [begin, end) of member m, and where a row is in dy, dx and on the tape.
  int64_t begin(int64_t m) const { return mode == kRouted ? offsets[m] : 0; }
  int64_t end(int64_t m) const { return mode == kRouted ? offsets[m + 1] : present; }
  int64_t place(int64_t m, int64_t row) const { return (mode == kRouted ? 0 : m * rows) + row; }

  bool split() const { return kHasSplit && splits_floats; }
  bool sums_dx() const { return dx && mode == kShared && members > 1; }
  bool sums_norm() const { return d_parameters && mlp.norm; }
  int64_t last_layer() const { return dx ? 0 : 1; }
  int64_t norm_blocks() const { return (present + kNormSumRows - 1) / kNormSumRows; }
  const float* weights(int64_t m, int64_t l) const {
    return parameters + mlp.weights(l) + (first + m) * mlp.in(l)*mlp.out(l);
  }
  const float* input(int64_t m) const { return x + (mode == kPrivate ? m * rows * mlp.inputs : 0); }
  float* layer_dz(int64_t m, int64_t l) const {
    return dz + l * align16(members * rows * mlp.width) + m * rows * mlp.width;
  }
  float* norm_sum(int64_t m, int64_t l, int64_t block) const {
    return norm_sums + ((m * mlp.layers + l) * norm_blocks() + block) * 2 * mlp.width;
  }
};

}  // namespace
}  // namespace mpdp::MPDP_ISA
