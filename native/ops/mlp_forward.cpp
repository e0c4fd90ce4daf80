// Batched ensemble-MLP forward. A task is one member x one tile of rows, which runs through all
// layers while its activations stay in the second-level cache. A panel of weights is packed into
// the first-level cache just before it meets the tile, unless few rows follow: for 51 of them
// packing took 13 % of the time, for 128 of them 1 %; for 256 reading in place takes 2 % more. What
// is rounded, or ends in a part of a vector, is always packed. ReLU comes before a block of results
// leaves the registers; SiLU, LayerNorm and tape while it is still in the first-level cache.
#include "mpdp/mlp_forward.h"

#include "mpdp/mlp_forward_tiles.h"

namespace mpdp::MPDP_ISA {
namespace {

// Rows [at, at + R) of hidden layer l over all members: LayerNorm and activation.
template <int R>
void finish_rows(const Forward& f, int64_t m, int64_t l, int64_t at, float* z, int64_t stride) {
  Tape tape(f.mlp, f.tape, l, f.taped, f.rows);
  int64_t width = f.mlp.width, member = (f.first + m) * width;
  norm_forward<R>(width, z, stride, f.parameters + f.mlp.gain(l) + member,
                  f.parameters + f.mlp.shift(l) + member,
                  f.tape ? tape.normalised + at * width : nullptr,
                  f.tape ? tape.inv_std + at : nullptr);
  activate(f, z, stride, R, width, tape.derivative + at * width);
}

// Rows from `row` on of hidden layer l of member m: LayerNorm and activation on the whole tile.
void finish_normalised(const Forward& f, int64_t m, int64_t l, int64_t row, int64_t count, float* z,
                       int64_t stride) {
  int64_t r = 0, at = f.place(m, row);
  for (; r + kNormRows <= count; r += kNormRows) {
    finish_rows<kNormRows>(f, m, l, at + r, z + r * stride, stride);
  }
  for (; r < count; r++) finish_rows<1>(f, m, l, at + r, z + r * stride, stride);
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

// Rows [row, row + count) of member m through layer l: z (count, padded out) from a; where
// f.pairs_hidden() the next layer's pairs.
void layer(const Forward& f, int64_t m, int64_t l, int64_t row, int64_t count, const float* a,
           int64_t lda, float* z, int64_t stride, float* memory) {
  int64_t in = f.mlp.in(l), out = f.mlp.out(l);
  const float* weights = f.weights(m, l);
  const float* bias = f.parameters + f.mlp.bias(l) + (f.first + m) * out;
  Tape tape(f.mlp, f.tape, l, f.taped, f.rows);
  Left left = {a, lda, 1, kBlockRows * lda};
  if (f.single_output(l)) {
    return multiply_single(a, lda, count, in, weights, bias[0], z, stride);
  }
  bool fuse = l < f.mlp.layers && !f.mlp.norm, silu = fuse && f.mlp.silu, keep = silu && f.tape;
  bool pairs = f.pairs_hidden(l);
  float floor = fuse && !silu ? 0.0f : kNoFloor;
  alignas(64) float results[2 * kBlockRows * kPanel];
  for (int64_t j = 0, width; j < out; j += width) {
    width = panel_width(out - j);
    int64_t columns = out - j < width ? out - j : width;
    Weights panel = weights_from(f, weights, bias, in, out, j, count, memory);
    Prefetch next = panel_from(f, m, l, j + width);
    int64_t share = next.share(count), word = f.place(m, row) * f.mlp.width + j;
    Prefetch h(z + j, l < f.mlp.layers && f.keeps_hidden ? count : 0, columns, stride);
    Prefetch derivative(tape.derivative + word, keep ? count : 0, columns, f.mlp.width);
    for (int64_t r = 0, height; r < count; r += height) {
      height = block_height(count - r, width);
      next.fetch(share);
      h.fetch(height);
      derivative.fetch(height);
      float *at = pairs ? results : z + r * stride + j,
            *slope = tape.derivative + word + r * f.mlp.width;
      multiply(f, height, width, left.at(r * lda), panel, in, at, pairs ? kPairPanel : stride,
               floor);
      if (pairs) {
        float* words = z + r * stride + j / 2;
        activate_block(f, at, height, columns, words, stride - j / 2, stride, slope);
      } else if (silu) {
        activate(f, at, stride, height, columns, slope);
      }
    }
  }
}

// One task: rows [row, row + count) of member m through all layers. Activations to be kept are
// computed where the tape has them, unless what pads a row would overwrite the next one. Rounded
// operands are in two halves of a third tile in turns.
void tile(const Forward& f, int64_t m, int64_t row, int64_t count, float* scratch,
          int64_t tile_words) {
  const float* a = f.input(m) + row * f.mlp.inputs;
  float *copy = scratch + 2 * tile_words, *memory = copy + (f.products == kFloats ? 0 : tile_words);
  int64_t lda = f.mlp.inputs;
  for (int64_t l = 0; l <= f.mlp.layers; l++) {
    int64_t stride = padded(f.mlp.out(l));
    bool pairs = f.pairs_hidden(l);
    bool keep = f.keeps_hidden && l < f.mlp.layers, direct = keep && stride == f.mlp.width;
    Tape tape(f.mlp, f.tape, l, f.taped, f.rows);
    float* kept = tape.h + f.place(m, row) * f.mlp.width;
    float* z = direct ? kept : scratch + (l % 2) * tile_words;
    bool packed = l > 0 && f.pairs_hidden(l - 1);
    if (!packed && !f.single_output(l)) a = pack_rows(f, a, &lda, count, f.mlp.in(l), copy);
    if (pairs && f.split()) {
      stride = split_words(f.mlp.out(l));
    } else if (pairs) {
      stride = paired_words(f.mlp.out(l));
      z = copy + (l % 2 == 0 ? tile_words / 2 : 0);
    }
    if constexpr (kHasTiles) {
      auto run = f.tiled() && !f.single_output(l) ? layer_by_tiles : layer;
      run(f, m, l, row, count, a, lda, z, stride, memory);
    } else {
      layer(f, m, l, row, count, a, lda, z, stride, memory);
    }
    if (l < f.mlp.layers && f.mlp.norm) finish_normalised(f, m, l, row, count, z, stride);
    if (keep && !direct) put(z, stride, count, f.mlp.width, false, kept);
    a = z;
    lda = stride;
  }
  put(a, lda, count, f.mlp.outputs, false, f.y + f.place(m, row) * f.mlp.outputs);
}

}  // namespace
}  // namespace mpdp::MPDP_ISA

void MPDP_OP(mlp_forward)(const Call& call, Team& team) {
  Forward f(call);
  RowTiles tiles = f.mode == kRouted ? RowTiles::routed(f.mlp, f.offsets[f.members], team.size())
                                     : RowTiles(f.mlp, f.present, f.members, team.size());
  if (f.split() && f.mode != kRouted) tiles.round(2 * kTile);
  int64_t widest = round_up(f.mlp.widest(), f.paired() || f.tiled() ? 2 * kLanes : kGrain);
  int64_t tile_words = f.room(tiles.most_rows()) * widest;
  int64_t matrices = f.products == kFloats ? 2 : 3;
  int64_t words = matrices * tile_words + (widest + 1) * kPanel;
  float* scratch = static_cast<float*>(team.scratch(words * sizeof(float)));
  TileRegisters registers(f.tiled());
  for (Tasks tasks(team); tasks.next_round();) {
    for (int64_t m = 0; m < f.members; m++) {
      for (int64_t row = f.begin(m), count; row < f.end(m); row += count) {
        count = tiles.count(row, f.end(m));
        if (!tasks.take(tiles.home(tasks, m, row, count))) continue;
        tile(f, m, row, count, scratch, tile_words);
      }
    }
  }
}
