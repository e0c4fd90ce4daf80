// Batched ensemble-MLP forward. A task is one member x one tile of rows, which runs through all
// layers while its activations stay in the second-level cache. A panel of weights is packed into
// the first-level cache just before it meets the tile: that costs 2 % of the tile's products, less
// than packing all weights once and reading them back. Bias, LayerNorm, activation and tape are
// written while a block of results is still in the first-level cache.
#include "mpdp/mlp.h"

namespace mpdp::MPDP_ISA {
namespace {

struct Forward {
  Mlp mlp;
  int64_t rows, mode, first, members, present;
  const float* x;           // (rows, inputs), or (members, rows, inputs) when private
  const float* parameters;  // MlpShape layout
  const int32_t* offsets;   // (members + 1), routed only
  float* tape;              // MlpShape layout, or null
  float* y;                 // (members, rows, outputs), or (rows, outputs) when routed
  int64_t taped;            // members on the tape

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
        y(call.out(5)),
        taped(mode == kRouted ? 1 : members) {}

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

// Where the tape of a block of hidden units begins, or nulls.
struct Kept {
  float* h;
  float* derivative;
};

// Activates one vector; n lanes of it go to the tape.
template <bool kSilu, bool kKeep>
MPDP_INLINE void activate_vector(float* z, const Kept& kept, int64_t at, int64_t n) {
  Vec v = load(z), result;
  if constexpr (kSilu) {
    Vec s = sigmoid(v);
    result = v * s;
    if constexpr (kKeep) store(kept.derivative + at, s + result * (1.0f - s), n);
  } else {
    result = at_least(v, 0.0f);
  }
  if constexpr (kKeep) store(kept.h + at, result, n);
  store(z, result);
}

template <bool kSilu, bool kKeep>
void activate_rows(float* z, int64_t stride, int64_t rows, int64_t columns, int64_t width,
                   const Kept& kept) {
  for (int64_t r = 0; r < rows; r++, z += stride) {
    for_vectors(columns, [&](int64_t c, int64_t lanes) {
      activate_vector<kSilu, kKeep>(z + c, kept, r * width + c, lanes);
    });
  }
}

// Activates `rows` x `columns` of z in place, and keeps them.
void activate(const Mlp& mlp, float* z, int64_t stride, int64_t rows, int64_t columns,
              const Kept& kept) {
  auto run = mlp.silu ? kept.h ? activate_rows<true, true> : activate_rows<true, false>
             : kept.h ? activate_rows<false, true>
                      : activate_rows<false, false>;
  run(z, stride, rows, columns, mlp.width, kept);
}

// LayerNorm with gain and shift of one row in place.
void normalise(const Forward& f, float* z, const float* gain, const float* shift, float* normalised,
               float* deviation) {
  int64_t n = f.mlp.width;
  Vec total = {}, squares = {};
  for_vectors(n, [&](int64_t c, int64_t lanes) { total += first(load(z + c), lanes); });
  float mean = sum(total) / n;
  for_vectors(n, [&](int64_t c, int64_t lanes) {
    Vec centred = first(load(z + c) - mean, lanes);
    squares += centred * centred;
  });
  float inverse = 1.0f / __builtin_sqrtf(sum(squares) / n + kNormEpsilon);
  for_vectors(n, [&](int64_t c, int64_t lanes) {
    Vec v = (load(z + c) - mean) * inverse;
    if (normalised) store(normalised + c, v, lanes);
    store(z + c, v * load(gain + c, lanes) + load(shift + c, lanes));
  });
  if (deviation) *deviation = inverse;
}

// Rows from `row` on of hidden layer `l`: LayerNorm and activation on the whole tile.
void finish_normalised(const Forward& f, int64_t m, int64_t l, int64_t row, int64_t count, float* z,
                       int64_t stride) {
  Tape tape(f.mlp, f.tape, l, f.taped, f.rows);
  bool keep = f.tape != nullptr;
  const float* gain = f.parameters + f.mlp.gain(l) + (f.first + m) * f.mlp.width;
  const float* shift = f.parameters + f.mlp.shift(l) + (f.first + m) * f.mlp.width;
  for (int64_t r = 0; r < count; r++, z += stride) {
    int64_t at = f.place(m, row) + r, word = at * f.mlp.width;
    normalise(f, z, gain, shift, keep ? tape.normalised + word : nullptr,
              keep ? tape.deviation + at : nullptr);
    activate(f.mlp, z, stride, 1, f.mlp.width,
             keep ? Kept{tape.h + word, tape.derivative + word} : Kept{});
  }
}

// The panel of weights that follows column j of layer l.
Prefetch panel_from(const Forward& f, int64_t m, int64_t l, int64_t j) {
  if (j >= f.mlp.out(l)) {
    if (l == f.mlp.layers) return Prefetch();
    l++;
    j = 0;
  }
  return Prefetch::panel(f.weights(m, l), f.mlp.in(l), f.mlp.out(l), j);
}

// Rows [row, row + count) of member m through layer l: z (count, padded out) from a. The panel is a
// row of biases, then the rows of W.
void layer(const Forward& f, int64_t m, int64_t l, int64_t row, int64_t count, const float* a,
           int64_t lda, float* z, int64_t stride, float* panel) {
  int64_t in = f.mlp.in(l), out = f.mlp.out(l);
  const float* weights = f.weights(m, l);
  const float* bias = f.parameters + f.mlp.bias(l) + (f.first + m) * out;
  Tape tape(f.mlp, f.tape, l, f.taped, f.rows);
  bool fuse = l < f.mlp.layers && !f.mlp.norm, keep = f.tape != nullptr;
  for (int64_t j = 0; j < out; j += kPanel) {
    int64_t width = panel_width(out - j), columns = out - j < width ? out - j : width;
    pack_panel(bias, 1, out, j, panel);
    pack_panel(weights, in, out, j, panel + width);
    Prefetch next = panel_from(f, m, l, j + kPanel);
    int64_t share = next.share(count), word = f.place(m, row) * f.mlp.width + j;
    bool keeps = fuse && keep;
    Prefetch h(tape.h + word, keeps ? count : 0, columns, f.mlp.width);
    Prefetch derivative(tape.derivative + word, keeps && f.mlp.silu ? count : 0, columns,
                        f.mlp.width);
    for (int64_t r = 0, height; r < count; r += height) {
      height = block_height(count - r);
      next.fetch(share);
      h.fetch(height);
      derivative.fetch(height);
      block_rows(height, width, a + r * lda, lda, panel + width, in, panel, z + r * stride + j,
                 stride);
    }
    if (!fuse) continue;
    activate(f.mlp, z + j, stride, count, columns,
             keep ? Kept{tape.h + word, tape.derivative + word} : Kept{});
  }
  if (l < f.mlp.layers && f.mlp.norm) finish_normalised(f, m, l, row, count, z, stride);
}

// One task: rows [row, row + count) of member m through all layers.
void tile(const Forward& f, int64_t m, int64_t row, int64_t count, float* scratch,
          int64_t tile_words) {
  const float* a = f.input(m) + row * f.mlp.inputs;
  float* panel = scratch + 2 * tile_words;
  int64_t lda = f.mlp.inputs;
  for (int64_t l = 0; l <= f.mlp.layers; l++) {
    float* z = scratch + (l % 2) * tile_words;
    int64_t stride = padded(f.mlp.out(l));
    layer(f, m, l, row, count, a, lda, z, stride, panel);
    a = z;
    lda = stride;
  }
  put(a, lda, count, f.mlp.outputs, false, f.y + f.place(m, row) * f.mlp.outputs);
}

}  // namespace
}  // namespace mpdp::MPDP_ISA

void MPDP_OP(mlp_forward)(const Call& call, Team& team) {
  Forward f(call);
  int64_t rows = f.mode == kRouted ? (f.rows + f.members - 1) / f.members : f.present;
  int64_t height = tile_rows(rows, f.members, team.size(), largest_tile(f.mlp));
  int64_t tile_words = height * padded(f.mlp.widest());
  int64_t words = 2 * tile_words + (f.mlp.widest() + 1) * kPanel;
  float* scratch = static_cast<float*>(team.scratch(words * sizeof(float)));
  int64_t task = 0, mine = team.next_task();
  for (int64_t m = 0; m < f.members; m++) {
    for (int64_t row = f.begin(m), end = f.end(m); row < end; row += height) {
      if (task++ != mine) continue;
      tile(f, m, row, end - row < height ? end - row : height, scratch, tile_words);
      mine = team.next_task();
    }
  }
}
