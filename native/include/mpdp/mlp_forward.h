// Operands of mlp_forward, and how it multiplies them: as floats, or as rounded values.
#pragma once
#include "mpdp/activation.h"
#include "mpdp/row_tiles.h"
#include "mpdp/split.h"

namespace mpdp::MPDP_ISA {
namespace {

using namespace operands::mlp_forward;

struct Forward {
  Mlp mlp;
  int64_t rows, mode, first, members, present;
  const float* x;           // (rows, inputs), or (members, rows, inputs) when private
  const float* parameters;  // MlpShape layout
  const int32_t* offsets;   // (members + 1), routed only
  float* tape;              // MlpShape layout, or null
  float* y;                 // (members, rows, outputs), or (rows, outputs) when routed
  int64_t taped;            // members on the tape
  Products products;
  bool keeps_hidden;  // whether h is wanted on the tape

  explicit Forward(const Call& call)
      : mlp(call),
        rows(call.size(kRows)),
        mode(call.size(kMode)),
        first(call.size(kFirstMember)),
        members(call.size(kMemberCount)),
        present(call.present(rows, kCount)),
        x(call.in(kX)),
        parameters(call.in(kParameters)),
        offsets(call.ints(kOffsets)),
        tape(call.out(kTape)),
        y(call.out(kY)),
        taped(mode == kRouted ? 1 : members),
        products(!call.flag(kPrecision)
                     ? (splits(rows, mode == kRouted, members) ? kSplit : kFloats)
                 : kHasTiles          ? kTiles
                 : multiplies_pairs() ? kPairs
                                      : kRounded),
        keeps_hidden(tape && !(mlp.silu && call.flag(kUse))) {}

  bool paired() const { return products == kPairs || products == kTiles; }
  // Whether layer l's activations are wanted as the pairs that the next layer multiplies, alone.
  bool pairs_hidden(int64_t l) const {
    return (paired() || split()) && l < mlp.layers && !mlp.norm && !keeps_hidden &&
           !single_output(l + 1);
  }
  // Rows that the memory of `rows` rows has room for.
  int64_t room(int64_t rows) const { return tiled() ? round_up(rows, 2 * kTile) : rows; }
  bool split() const { return kHasSplit && products == kSplit; }
  bool tiled() const { return products == kTiles || split(); }
  bool single_output(int64_t l) const {
    return l == mlp.layers && mlp.outputs == 1 && (products == kFloats || split());
  }
  // Rows [begin, end) of member m.
  int64_t begin(int64_t m) const { return mode == kRouted ? offsets[m] : 0; }
  int64_t end(int64_t m) const { return mode == kRouted ? offsets[m + 1] : present; }
  const float* weights(int64_t m, int64_t l) const {
    return parameters + mlp.weights(l) + (first + m) * mlp.in(l)*mlp.out(l);
  }
  const float* input(int64_t m) const { return x + (mode == kPrivate ? m * rows * mlp.inputs : 0); }
  // Where a row of member m is in y and on the tape.
  int64_t place(int64_t m, int64_t row) const { return (mode == kRouted ? 0 : m * rows) + row; }
};

constexpr int64_t kFewRows = 128;  // beyond, weights are packed

// Weights from some column on, as they are multiplied, and their biases.
struct Weights {
  Panel panel;
  const float* bias;
};

// Column j of W (in, out) on for `rows` rows: in place, or in `memory`.
Weights weights_from(const Forward& f, const float* weights, const float* bias, int64_t in,
                     int64_t out, int64_t j, int64_t rows, float* memory) {
  int64_t width = panel_width(out - j);
  if (rows <= kFewRows && f.products == kFloats && width <= out - j) {
    return {{weights + j, out}, bias + j};
  }
  float* panel = memory + width;
  pack_panel(bias, 1, out, j, memory);
  if (f.products == kPairs) {
    pair_panel(weights, in, out, j, out - j < width ? out - j : width, panel, width);
  } else {
    pack_panel(weights, in, out, j, panel);
  }
  if (f.products == kRounded) round_floats(panel, in * width);
  return {{panel, width}, memory};
}

// A block of z, at least `floor`.
MPDP_INLINE void multiply(const Forward& f, int64_t height, int64_t width, Left left,
                          const Weights& weights, int64_t in, float* z, int64_t stride,
                          float floor) {
  if constexpr (kHasPairs && !kHasTiles) {
    if (f.products == kPairs) {
      int64_t words = (in + 1) / 2;
      return block_rows<true>(height, width, left, weights.panel, words, weights.bias, z, stride,
                              floor);
    }
  }
  block_rows<false>(height, width, left, weights.panel, in, weights.bias, z, stride, floor);
}

// A (count, in) as it is multiplied, in `copy`: what is rounded, and of what is kept exactly.
const float* pack_rows(const Forward& f, const float* a, int64_t* lda, int64_t count, int64_t in,
                       float* copy) {
  if (f.products == kFloats) return a;
  int64_t stride = f.split() ? split_words(in) : f.paired() ? paired_words(in) : padded(in);
  if (f.split()) {
    split_rows(a, *lda, count, in, copy);
  } else if (f.paired()) {
    pair_columns(a, *lda, count, in, copy);
  } else {
    for (int64_t r = 0; r < count; r++) {
      for_vectors(in, [&](int64_t c, int64_t lanes) {
        store(copy + r * stride + c, load(a + r * *lda + c, lanes), lanes);
      });
    }
    round_floats(copy, count * stride);
  }
  *lda = stride;
  return copy;
}

void activate(const Forward& f, float* z, int64_t stride, int64_t rows, int64_t columns,
              float* derivative) {
  auto run = !f.mlp.silu ? activate_rows<false, false>
             : f.tape    ? activate_rows<true, true>
                         : activate_rows<true, false>;
  run(z, stride, rows, columns, derivative, f.mlp.width);
}

// The same of a block's results, as pairs or split: activations that are only multiplied on are
// rounded before they leave the first-level cache.
void activate_block(const Forward& f, const float* z, int64_t rows, int64_t columns, float* words,
                    int64_t room, int64_t stride, float* derivative) {
  if constexpr (kHasSplit) {
    if (f.split()) {
      auto run = !f.mlp.silu ? activate_split<false, false>
                 : f.tape    ? activate_split<true, true>
                             : activate_split<true, false>;
      return run(z, rows, columns, words, stride, derivative, f.mlp.width);
    }
  }
  if constexpr (kHasPairs) {
    auto run = !f.mlp.silu ? activate_pairs<false, false>
               : f.tape    ? activate_pairs<true, true>
                           : activate_pairs<true, false>;
    run(z, rows, columns, words, room, stride, derivative, f.mlp.width);
  }
}

}  // namespace
}  // namespace mpdp::MPDP_ISA
