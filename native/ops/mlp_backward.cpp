// Backward pass of the ensemble MLP.
//
// Phase 1, one task per member x tile of rows: dz of the output layer is dy; each hidden layer's is
// (dz W^T) act' (through LayerNorm), kept for phase 2 in the scratch operand; dx comes last. A
// panel of W^T is packed just before it meets the tile. With shared rows dx is a sum over members:
// each member's part is kept and added in member order, whatever the threads. Phase 2, one task per
// member x layer x block of inputs: dW = X^T dZ over depth blocks of rows, X^T packed in register
// blocks and dZ in panels; db is summed while dZ is packed. Routed rows have no phase 2.
#include "mpdp/mlp.h"

namespace mpdp::MPDP_ISA {
namespace {

constexpr int64_t kNormSumRows = 8 * kBlockRows;  // norm gradients are summed in blocks of rows
constexpr int64_t kDepth = 256;                   // rows of one accumulation step of dW
constexpr int64_t kInputBlock = 48 * kBlockRows;  // at most so many rows of dW in one task

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
  int64_t tile = 0;            // rows of a tile
  float* member_dx = nullptr;  // (members, rows, inputs): parts of dx to be summed, or null
  float* norm_sums = nullptr;  // (members, layers, norm blocks, 2, width): gain, shift, or null

  explicit Backward(const Call& call)
      : mlp(call),
        rows(call.size(7)),
        mode(call.size(8)),
        first(call.size(9)),
        members(call.size(10)),
        present(call.present(rows, 5)),
        accumulate_parameters(call.flag(11)),
        accumulate_inputs(call.flag(12)),
        x(call.in(0)),
        parameters(call.in(1)),
        tape(call.out(2)),
        dy(call.in(3)),
        offsets(call.ints(4)),
        dz(call.out(6)),
        d_parameters(call.out(7)),
        dx(call.out(8)),
        taped(mode == kRouted ? 1 : members) {}

  // Rows [begin, end) of member m, and where a row is in dy, dx and on the tape.
  int64_t begin(int64_t m) const { return mode == kRouted ? offsets[m] : 0; }
  int64_t end(int64_t m) const { return mode == kRouted ? offsets[m + 1] : present; }
  int64_t place(int64_t m, int64_t row) const { return (mode == kRouted ? 0 : m * rows) + row; }

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

template <bool kSilu>
void through_activation(const float* kept, int64_t width, float* g, int64_t stride, int64_t rows,
                        int64_t columns) {
  for (int64_t r = 0; r < rows; r++, g += stride, kept += width) {
    for_vectors(columns, [&](int64_t c, int64_t lanes) {
      Vec v = load(g + c), k = load(kept + c, lanes), zero = {};
      store(g + c, kSilu ? v * k : k > zero ? v : zero);
    });
  }
}

// The W^T panel that follows column j of layer l.
Prefetch panel_from(const Backward& b, int64_t m, int64_t l, int64_t j) {
  if (j >= b.mlp.in(l)) {
    if (l == b.last_layer()) return Prefetch();
    l--;
    j = 0;
  }
  return Prefetch::panel_transposed(b.weights(m, l), b.mlp.out(l), b.mlp.in(l), j);
}

// `count` rows from row `row` of member m on, from g to dz of hidden layer l, in place. The sums
// for gain and shift are those of blocks of kNormSumRows rows.
void through_norm(const Backward& b, int64_t m, int64_t l, int64_t row, int64_t count, float* g,
                  int64_t stride) {
  Tape tape(b.mlp, b.tape, l, b.taped, b.rows);
  int64_t width = b.mlp.width, end = row + count;
  const float* gain = b.parameters + b.mlp.gain(l) + (b.first + m) * width;
  for (; row < end; row++, g += stride) {
    int64_t at = b.place(m, row);
    float* sums = b.norm_sums ? b.norm_sum(m, l, row / kNormSumRows) : nullptr;
    if (sums && row % kNormSumRows == 0) {
      for (int64_t i = 0; i < 2 * width; i++) sums[i] = 0;
    }
    norm_backward(width, g, gain, tape.normalised + at * width, tape.deviation[at], sums,
                  sums ? sums + width : nullptr);
  }
}

// The same as propagate() from a layer with one output.
void propagate_single(const Backward& b, int64_t m, int64_t row, int64_t count, const float* dz,
                      float* g, int64_t stride) {
  int64_t l = b.mlp.layers, width = b.mlp.width;
  Tape tape(b.mlp, b.tape, l - 1, b.taped, b.rows);
  const float* kept = (b.mlp.silu ? tape.derivative : tape.h) + b.place(m, row) * width;
  auto through = b.mlp.silu ? through_activation<true> : through_activation<false>;
  for (int64_t r = 0; r < count; r++) {
    spread_single(dz[r], b.weights(m, l), width, g + r * stride);
    through(kept + r * width, width, g + r * stride, stride, 1, width);
  }
  if (b.mlp.norm) through_norm(b, m, l - 1, row, count, g, stride);
}

// dh of the layer below l, through that layer's activation: g (count, padded in) from dz of l.
void propagate(const Backward& b, int64_t m, int64_t l, int64_t row, int64_t count, const float* dz,
               int64_t lda, float* g, int64_t stride, float* panel) {
  int64_t in = b.mlp.in(l), out = b.mlp.out(l);
  if (out == 1 && l == b.mlp.layers) return propagate_single(b, m, row, count, dz, g, stride);
  Tape tape(b.mlp, b.tape, l - 1, b.taped, b.rows);
  Left rows = {dz, lda, 1, kBlockRows * lda};
  for (int64_t j = 0; j < in; j += kPanel) {
    int64_t width = panel_width(in - j), columns = in - j < width ? in - j : width;
    int64_t word = b.place(m, row) * b.mlp.width + j;
    const float* kept = (b.mlp.silu ? tape.derivative : tape.h) + word;
    pack_panel_transposed(b.weights(m, l), out, in, j, panel);
    Prefetch next = panel_from(b, m, l, j + kPanel);
    Prefetch factors(kept, l > 0 ? count : 0, columns, b.mlp.width);
    int64_t share = next.share(count);
    for (int64_t r = 0, height; r < count; r += height) {
      height = block_height(count - r, width);
      next.fetch(share);
      factors.fetch(height);
      block_rows(height, width, rows.at(r * lda), panel, out, nullptr, g + r * stride + j, stride);
    }
    if (l == 0) continue;
    auto through = b.mlp.silu ? through_activation<true> : through_activation<false>;
    through(kept, b.mlp.width, g + j, stride, count, columns);
  }
  if (l > 0 && b.mlp.norm) through_norm(b, m, l - 1, row, count, g, stride);
}

// One task of phase 1: rows [row, row + count) of member m. A dz to be kept is computed in its
// place, unless the last vector of a row would overwrite the next row.
void tile(const Backward& b, int64_t m, int64_t row, int64_t count, float* scratch,
          int64_t tile_words) {
  int64_t inputs = b.mlp.inputs, width = b.mlp.width, lda = b.mlp.outputs;
  const float* dz = b.dy + b.place(m, row) * lda;
  for (int64_t l = b.mlp.layers; l >= b.last_layer(); l--) {
    int64_t stride = padded(b.mlp.in(l));
    bool keep = l > 0 && b.d_parameters, direct = keep && stride == width;
    float* kept = keep ? b.layer_dz(m, l - 1) + row * width : nullptr;
    float* g = direct ? kept : scratch + (l % 2) * tile_words;
    propagate(b, m, l, row, count, dz, lda, g, stride, scratch + 2 * tile_words);
    if (keep && !direct) put(g, stride, count, width, false, kept);
    dz = g;
    lda = stride;
  }
  if (!b.dx) return;
  float* target = b.member_dx ? b.member_dx : b.dx;
  put(dz, lda, count, inputs, b.accumulate_inputs && !b.member_dx,
      target + b.place(m, row) * inputs);
}

void rows_phase(const Backward& b, Team& team, float* scratch, int64_t tile_words) {
  int64_t task = 0, mine = team.next_task();
  for (int64_t m = 0; m < b.members; m++) {
    for (int64_t row = b.begin(m), end = b.end(m); row < end; row += b.tile) {
      if (task++ != mine) continue;
      int64_t left = end - row;
      tile(b, m, row, left < b.tile ? left : b.tile, scratch, tile_words);
      mine = team.next_task();
    }
  }
}

// dx = or += the members' parts, in member order.
void sum_member_dx(const Backward& b, Team& team) {
  int64_t begin, end, words = b.rows * b.mlp.inputs;
  team.share(b.present * b.mlp.inputs, kLanes, &begin, &end);
  for (int64_t i = begin; i < end; i += kLanes) {
    Vec total = {};
    for (int64_t m = 0; m < b.members; m++) total += load(b.member_dx + m * words + i, end - i);
    if (b.accumulate_inputs) total += load(b.dx + i, end - i);
    store(b.dx + i, total, end - i);
  }
}

// X^T in register blocks: (columns / kBlockRows, depth, kBlockRows), zero padded. Writes up to a
// vector beyond the end.
void pack_inputs(const float* x, int64_t stride, int64_t depth, int64_t columns, float* packed) {
  for (int64_t i = 0; i < columns; i += kBlockRows) {
    int64_t k = 0;
    if (i + kBlockRows <= columns) {
      // Vectors overlap the rows after theirs; the last rows must not be read beyond their end.
      for (int64_t last = (kLanes - 1) / stride + 1; k + last < depth; k++, packed += kBlockRows) {
        for (int c = 0; c < kBlockRows; c += kLanes)
          store(packed + c, load(x + k * stride + i + c));
      }
    }
    for (; k < depth; k++, packed += kBlockRows) {
      for (int64_t r = 0; r < kBlockRows; r++) {
        packed[r] = i + r < columns ? x[k * stride + i + r] : 0.0f;
      }
    }
  }
}

// db of one panel: = or += the sums of its columns.
void sum_columns(const float* panel, int64_t depth, int64_t width, int64_t columns, bool add,
                 float* target) {
  for (int64_t c = 0; c < columns; c += kLanes) {
    Vec total = add ? load(target + c, columns - c) : Vec{};
    for (int64_t k = 0; k < depth; k++) total += load(panel + k * width + c);
    store(target + c, total, columns - c);
  }
}

void clear(float* weights, int64_t words, float* bias, int64_t out) {
  for (int64_t i = 0; i < words; i++) weights[i] = 0.0f;
  for (int64_t i = 0; bias && i < out; i++) bias[i] = 0.0f;
}

// One task of phase 2: rows [from, from + count) of dW of layer l, and db with the first of them.
void weight_gradient(const Backward& b, int64_t m, int64_t l, int64_t from, int64_t count,
                     float* scratch) {
  int64_t in = b.mlp.in(l), out = b.mlp.out(l);
  Tape below(b.mlp, b.tape, l - 1, b.members, b.rows);
  const float* x = l == 0 ? b.input(m) : below.h + m * b.rows * in;
  const float* dz = l == b.mlp.layers ? b.dy + m * b.rows * out : b.layer_dz(m, l);
  float* weights = b.d_parameters + b.mlp.weights(l) + ((b.first + m) * in + from) * out;
  float* bias = b.d_parameters + b.mlp.bias(l) + (b.first + m) * out;
  float* inputs = scratch;
  float* panel = inputs + kDepth * kInputBlock + kLanes;
  float* sums = panel + kDepth * kPanel;
  bool add = b.accumulate_parameters;
  if (out == 1) {
    weights_single(x + from, in, b.present, count, dz, add, weights);
    if (from > 0) return;
    float total = add ? bias[0] : 0.0f;
    for (int64_t r = 0; r < b.present; r++) total += dz[r];
    bias[0] = total;
    return;
  }
  if (b.present == 0 && !add) clear(weights, count * out, from == 0 ? bias : nullptr, out);
  for (int64_t k = 0; k < b.present; k += kDepth, add = true) {
    int64_t depth = b.present - k < kDepth ? b.present - k : kDepth;
    pack_inputs(x + k * in + from, in, depth, count, inputs);
    Left blocks = {inputs, 1, kBlockRows, kBlockRows * depth};
    for (int64_t j = 0; j < out; j += kPanel) {
      int64_t width = panel_width(out - j), columns = out - j < width ? out - j : width;
      pack_panel(dz + k * out, depth, out, j, panel);
      if (from == 0) sum_columns(panel, depth, width, columns, add, bias + j);
      Prefetch next;
      if (j + kPanel < out) next = Prefetch::panel(dz + k * out, depth, out, j + kPanel);
      Prefetch target(weights + j, count, columns, out);
      int64_t share = next.share(count);
      int64_t whole = width == kLanes ? 2 * kBlockRows : kBlockRows;
      for (int64_t i = 0; i < count; i += whole) {
        int64_t height = count - i < whole ? count - i : whole;
        bool direct = !add && height == whole && columns == width;
        next.fetch(share);
        target.fetch(height);
        block_rows(whole, width, blocks.at(i * depth), panel, depth, nullptr,
                   direct ? weights + i * out + j : sums, direct ? out : width);
        for (int64_t r = 0; !direct && r < height; r++) {
          put(sums + r * width, width, 1, columns, add, weights + (i + r) * out + j);
        }
      }
    }
  }
}

// Gradients of gain and shift of hidden layer l: the blocks' sums in order.
void norm_gradient(const Backward& b, int64_t m, int64_t l) {
  int64_t width = b.mlp.width;
  for (int part = 0; part < 2; part++) {
    int64_t block = part ? b.mlp.shift(l) : b.mlp.gain(l);
    float* target = b.d_parameters + block + (b.first + m) * width;
    for (int64_t c = 0; c < width; c++) {
      float total = b.accumulate_parameters ? target[c] : 0.0f;
      for (int64_t t = 0; t < b.norm_blocks(); t++) total += b.norm_sum(m, l, t)[part * width + c];
      target[c] = total;
    }
  }
}

void weights_phase(const Backward& b, Team& team, float* scratch) {
  int64_t task = 0, mine = team.next_task(), matrices = b.members * (b.mlp.layers + 1);
  for (int64_t l = b.mlp.layers; l >= 0; l--) {
    int64_t in = b.mlp.in(l), height = tile_rows(in, matrices, team.size(), kInputBlock);
    for (int64_t m = 0; m < b.members; m++) {
      for (int64_t from = 0; from < in; from += height) {
        if (task++ != mine) continue;
        weight_gradient(b, m, l, from, in - from < height ? in - from : height, scratch);
        mine = team.next_task();
      }
      if (b.mlp.norm && l < b.mlp.layers && task++ == mine) {
        norm_gradient(b, m, l);
        mine = team.next_task();
      }
    }
  }
}

// Divides the team's shared memory.
void allocate(Backward& b, Team& team) {
  int64_t rows = b.mode == kRouted ? (b.rows + b.members - 1) / b.members : b.present;
  b.tile = tile_rows(rows, b.members, team.size(), largest_tile(b.mlp));
  if (b.sums_norm()) b.tile = round_up(b.tile, kNormSumRows);
  int64_t inputs = b.sums_dx() ? align16(b.members * b.rows * b.mlp.inputs) : 0;
  int64_t norm = b.sums_norm() ? b.members * b.mlp.layers * b.norm_blocks() * 2 * b.mlp.width : 0;
  if (inputs + norm == 0) return;
  float* shared = static_cast<float*>(team.shared((inputs + norm) * sizeof(float)));
  if (b.sums_dx()) b.member_dx = shared;
  if (b.sums_norm()) b.norm_sums = shared + inputs;
}

}  // namespace
}  // namespace mpdp::MPDP_ISA

void MPDP_OP(mlp_backward)(const Call& call, Team& team) {
  Backward b(call);
  allocate(b, team);
  int64_t tile_words = b.tile * padded(b.mlp.widest());
  int64_t rows_words = 2 * tile_words + b.mlp.widest() * kPanel;
  int64_t weights_words = kDepth * (kInputBlock + kPanel) + kLanes + kBlockRows * kPanel;
  int64_t words = rows_words > weights_words ? rows_words : weights_words;
  float* scratch = static_cast<float*>(team.scratch(words * sizeof(float)));
  rows_phase(b, team, scratch, tile_words);
  if (b.d_parameters || b.sums_dx()) team.barrier();
  if (b.sums_dx()) sum_member_dx(b, team);
  if (b.d_parameters) weights_phase(b, team, scratch);
}
