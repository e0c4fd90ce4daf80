// Batched ensemble-MLP forward. Weights are packed in panels once per call and shared by all row
// tiles; a task is one member x one tile of rows, which runs through all layers while its
// activations stay in the second-level cache. Bias, LayerNorm, activation and tape are written
// while a block of results is still in the first-level cache.
#include "mpdp/mlp.h"

namespace mpdp::MPDP_ISA {
namespace {

constexpr int64_t kTileRows = 16 * kBlockRows;

struct Forward {
  Mlp mlp;
  int64_t rows, mode, first, members, present;
  const float* x;           // (rows, inputs), or (members, rows, inputs) when private
  const float* parameters;  // MlpShape layout
  const int32_t* offsets;   // (members + 1), routed only
  float* tape;              // MlpShape layout, or null
  float* y;                 // (members, rows, outputs), or (rows, outputs) when routed
  float* packed = nullptr;  // (members, packed_words())

  explicit Forward(const Call& call)
      : mlp(call),
        rows(call.size(7)),
        mode(call.size(8)),
        first(call.size(9)),
        members(call.size(10)),
        present(call.present(rows, 3)),
        x(call.in(0)),
        parameters(call.in(1)),
        offsets(call.ints(2)),
        tape(call.out(4)),
        y(call.out(5)) {}

  int64_t packed_words(int64_t layers) const {
    int64_t words = 0;
    for (int64_t l = 0; l < layers; l++) words += (mlp.in(l) + 1) * padded(mlp.out(l));
    return words;
  }
  // Rows [begin, end) of member m.
  int64_t begin(int64_t m) const { return mode == kRouted ? offsets[m] : 0; }
  int64_t end(int64_t m) const { return mode == kRouted ? offsets[m + 1] : present; }
  const float* input(int64_t m) const { return x + (mode == kPrivate ? m * rows * mlp.inputs : 0); }
  float* output(int64_t m) const { return y + (mode == kRouted ? 0 : m * rows * mlp.outputs); }
};

// A panel is a row of biases, then the rows of W.
void pack(const Forward& f, Team& team) {
  int64_t task = 0, mine = team.next_task(), member_words = f.packed_words(f.mlp.layers + 1);
  for (int64_t l = 0; l <= f.mlp.layers; l++) {
    int64_t in = f.mlp.in(l), out = f.mlp.out(l), at = f.packed_words(l);
    for (int64_t m = 0; m < f.members; m++) {
      const float* weights = f.parameters + f.mlp.weights(l) + (f.first + m) * in * out;
      const float* bias = f.parameters + f.mlp.bias(l) + (f.first + m) * out;
      float* packed = f.packed + m * member_words + at;
      for (int64_t j = 0; j < out; j += kPanel) {
        if (f.begin(m) >= f.end(m) || task++ != mine) continue;
        float* panel = packed + j * (in + 1);
        pack_panel(bias, 1, out, j, panel);
        pack_panel(weights, in, out, j, panel + panel_width(out - j));
        mine = team.next_task();
      }
    }
  }
}

// Activates `rows` x `columns` of z in place and writes them to the tape from (row, column) on.
void activate(const Forward& f, float* z, int64_t stride, int64_t rows, int64_t columns, float* h,
              float* derivative) {
  int64_t width = f.mlp.width;
  for (int64_t r = 0; r < rows; r++, z += stride) {
    for (int64_t c = 0; c < columns; c += kLanes) {
      Vec v = load(z + c);
      if (f.mlp.silu) {
        Vec s = 1.0f / (1.0f + exponential(-v));
        if (h) store(derivative + r * width + c, s + v * s * (1.0f - s), columns - c);
        v = v * s;
      } else {
        Vec zero = {};
        v = v < zero ? zero : v;
      }
      if (h) store(h + r * width + c, v, columns - c);
      store(z + c, v);
    }
  }
}

// LayerNorm with gain and shift of one row in place.
void normalise(const Forward& f, float* z, const float* gain, const float* shift, float* normalised,
               float* deviation) {
  int64_t n = f.mlp.width;
  Vec total = {}, squares = {};
  for (int64_t c = 0; c < n; c += kLanes) total += first(load(z + c), n - c);
  float mean = sum(total) / n;
  for (int64_t c = 0; c < n; c += kLanes) {
    Vec centred = first(load(z + c) - mean, n - c);
    squares += centred * centred;
  }
  float inverse = 1.0f / __builtin_sqrtf(sum(squares) / n + kNormEpsilon);
  for (int64_t c = 0; c < n; c += kLanes) {
    Vec v = (load(z + c) - mean) * inverse;
    if (normalised) store(normalised + c, v, n - c);
    store(z + c, v * load(gain + c, n - c) + load(shift + c, n - c));
  }
  if (deviation) *deviation = inverse;
}

// Rows from `row` on of hidden layer `l`: LayerNorm and activation on the whole tile.
void finish_normalised(const Forward& f, int64_t m, int64_t l, int64_t row, int64_t count, float* z,
                       int64_t stride) {
  Tape tape(f.mlp, f.tape, l, f.members, f.rows);
  bool keep = f.tape != nullptr;
  const float* gain = f.parameters + f.mlp.gain(l) + (f.first + m) * f.mlp.width;
  const float* shift = f.parameters + f.mlp.shift(l) + (f.first + m) * f.mlp.width;
  for (int64_t r = 0; r < count; r++, z += stride) {
    int64_t at = m * f.rows + row + r, word = at * f.mlp.width;
    normalise(f, z, gain, shift, keep ? tape.normalised + word : nullptr,
              keep ? tape.deviation + at : nullptr);
    activate(f, z, stride, 1, f.mlp.width, keep ? tape.h + word : nullptr,
             keep ? tape.derivative + word : nullptr);
  }
}

// Rows [row, row + count) of member m through layer l: z (count, padded out) from a.
void layer(const Forward& f, int64_t m, int64_t l, int64_t row, int64_t count, const float* a,
           int64_t lda, float* z, int64_t stride) {
  int64_t in = f.mlp.in(l), out = f.mlp.out(l);
  const float* packed = f.packed + m * f.packed_words(f.mlp.layers + 1) + f.packed_words(l);
  Tape tape(f.mlp, f.tape, l, f.members, f.rows);
  bool fuse = l < f.mlp.layers && !f.mlp.norm, keep = f.tape != nullptr;
  for (int64_t j = 0; j < out; j += kPanel) {
    int64_t width = panel_width(out - j), columns = out - j < width ? out - j : width;
    const float* panel = packed + j * (in + 1);
    for (int64_t r = 0, height; r < count; r += height) {
      height = block_height(count - r);
      float* c = z + r * stride + j;
      block_rows(height, width, a + r * lda, lda, panel + width, in, panel, c, stride);
      if (!fuse) continue;
      int64_t word = (m * f.rows + row + r) * f.mlp.width + j;
      activate(f, c, stride, height, columns, keep ? tape.h + word : nullptr,
               keep ? tape.derivative + word : nullptr);
    }
  }
  if (l < f.mlp.layers && f.mlp.norm) finish_normalised(f, m, l, row, count, z, stride);
}

// One task: rows [row, row + count) of member m through all layers.
void tile(const Forward& f, int64_t m, int64_t row, int64_t count, float* scratch,
          int64_t tile_words) {
  const float* a = f.input(m) + row * f.mlp.inputs;
  int64_t lda = f.mlp.inputs;
  for (int64_t l = 0; l <= f.mlp.layers; l++) {
    float* z = scratch + (l % 2) * tile_words;
    int64_t stride = padded(f.mlp.out(l));
    layer(f, m, l, row, count, a, lda, z, stride);
    a = z;
    lda = stride;
  }
  put(a, lda, count, f.mlp.outputs, false, f.output(m) + row * f.mlp.outputs);
}

}  // namespace
}  // namespace mpdp::MPDP_ISA

void MPDP_OP(mlp_forward)(const Call& call, Team& team) {
  Forward f(call);
  size_t words = f.members * f.packed_words(f.mlp.layers + 1);
  f.packed = static_cast<float*>(team.shared(words * sizeof(float)));
  pack(f, team);
  team.barrier();

  int64_t rows = f.mode == kRouted ? (f.rows + f.members - 1) / f.members : f.present;
  int64_t height = tile_rows(rows, f.members, team.size(), kTileRows);
  int64_t tile_words = height * padded(f.mlp.widest());
  float* scratch = static_cast<float*>(team.scratch(2 * tile_words * sizeof(float)));
  int64_t task = 0, mine = team.next_task();
  for (int64_t m = 0; m < f.members; m++) {
    for (int64_t row = f.begin(m), end = f.end(m); row < end; row += height) {
      if (task++ != mine) continue;
      tile(f, m, row, end - row < height ? end - row : height, scratch, tile_words);
      mine = team.next_task();
    }
  }
}
