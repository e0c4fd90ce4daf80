// Backward pass of the ensemble MLP.
//
// Phase 1, one task per member x tile of rows: dz of the output layer is dy; each hidden layer's is
// (dz W^T) act' (through LayerNorm), kept for phase 2 in the scratch operand; dx comes last. A
// panel of W^T is packed just before it meets the tile. With shared rows dx is a sum over members:
// each member's part is kept and added in member order, whatever the threads. Phase 2, the weights'
// gradients, is in mlp_backward_weights.h. Routed rows have no phase 2.
//
// Members go from the last to the first, because caches still hold what a forward pass left of the
// last ones, and a member's phase 2 comes one member after its phase 1, for what that left: then
// its tasks hardly ever wait for rows that other threads are at.
#include "mpdp/mlp_backward.h"

#include "mpdp/mlp_backward_weights.h"

namespace mpdp::MPDP_ISA {
namespace {

template <bool kSilu>
void through_activation(const float* kept, int64_t width, float* g, int64_t stride, int64_t rows,
                        int64_t columns) {
  for (int64_t r = 0; r < rows; r++, g += stride, kept += width) {
    for_vectors(columns, [&](int64_t c, int64_t lanes) {
      Vec v = load(g + c, lanes), k = load(kept + c, lanes), zero = {};
      store(g + c, kSilu ? v * k : k > zero ? v : zero, lanes);
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
    norm_backward(width, g, gain, tape.normalised + at * width, tape.inv_std[at], sums,
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
  if (b.split()) {
    propagate_split(b, m, l, row, count, dz, lda, g, stride, panel);
    if (l > 0 && b.mlp.norm) through_norm(b, m, l - 1, row, count, g, stride);
    return;
  }
  Tape tape(b.mlp, b.tape, l - 1, b.taped, b.rows);
  Left rows = {dz, lda, 1, kBlockRows * lda};
  auto through = b.mlp.silu ? through_activation<true> : through_activation<false>;
  for (int64_t j = 0, width; j < in; j += width) {
    width = panel_width(in - j);
    int64_t columns = in - j < width ? in - j : width;
    int64_t word = b.place(m, row) * b.mlp.width + j;
    const float* kept = (b.mlp.silu ? tape.derivative : tape.h) + word;
    pack_panel_transposed(b.weights(m, l), out, in, j, panel);
    Prefetch next = panel_from(b, m, l, j + width);
    Prefetch factors(kept, l > 0 ? count : 0, columns, b.mlp.width);
    int64_t share = next.share(count);
    for (int64_t r = 0, height; r < count; r += height) {
      height = block_height(count - r, width);
      next.fetch(share);
      factors.fetch(height);
      block_rows(height, width, rows.at(r * lda), {panel, width}, out, nullptr, g + r * stride + j,
                 stride);
    }
    // Not block by block: g and the tape are often a multiple of 4096 bytes apart, and loads from
    // the one would wait for the block's stores to the other.
    if (l > 0) through(kept, b.mlp.width, g + j, stride, count, columns);
  }
  if (l > 0 && b.mlp.norm) through_norm(b, m, l - 1, row, count, g, stride);
}

// One task of phase 1: rows [row, row + count) of member m. A dz to be kept is computed in its
// place, unless what pads a row would overwrite the next one.
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

// Rows of member m, all tiles.
void rows_tasks(const Backward& b, int64_t m, const RowTiles& tiles, Tasks& tasks, float* scratch,
                int64_t tile_words) {
  for (int64_t row = b.begin(m), count; row < b.end(m); row += count) {
    count = tiles.count(row, b.end(m));
    if (!tasks.take(tiles.home(tasks, m, row, count))) continue;
    tile(b, m, row, count, scratch, tile_words);
    if (b.d_parameters) b.rows_done[m].fetch_add(count, std::memory_order_release);
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

// Divides the team's shared memory, and clears the counters in it.
void allocate(Backward& b, Team& team) {
  int64_t inputs = b.sums_dx() ? align16(b.members * b.rows * b.mlp.inputs) : 0;
  int64_t norm = b.sums_norm() ? b.members * b.mlp.layers * b.norm_blocks() * 2 * b.mlp.width : 0;
  int64_t counters = b.d_parameters ? b.members : 0;
  if (inputs + norm + counters == 0) return;
  float* shared = static_cast<float*>(team.shared((inputs + norm + counters) * sizeof(float)));
  if (b.sums_dx()) b.member_dx = shared;
  if (b.sums_norm()) b.norm_sums = shared + inputs;
  if (!b.d_parameters) return;
  b.rows_done = reinterpret_cast<std::atomic<int32_t>*>(shared + inputs + norm);
  if (team.rank() == 0) {
    for (int64_t m = 0; m < b.members; m++) b.rows_done[m].store(0, std::memory_order_relaxed);
  }
  team.barrier();
}

}  // namespace
}  // namespace mpdp::MPDP_ISA

void MPDP_OP(mlp_backward)(const Call& call, Team& team) {
  Backward b(call);
  allocate(b, team);
  RowTiles tiles = b.mode == kRouted ? RowTiles::routed(b.mlp, b.offsets[b.members], team.size())
                                     : RowTiles(b.mlp, b.present, b.members, team.size());
  if (b.sums_norm()) tiles.round(kNormSumRows);
  if (b.split() && b.mode != kRouted) tiles.round(b.sums_norm() ? kNormSumRows : 2 * kTile);
  int64_t tile_words = tiles.most_rows() * padded(b.mlp.widest());
  int64_t rows_words = 2 * tile_words + (b.split() ? propagate_split_words(b.mlp, tiles.most_rows())
                                                   : b.mlp.widest() * kPanel);
  int64_t words = rows_words > kWeightsWords ? rows_words : kWeightsWords;
  float* scratch = static_cast<float*>(team.scratch(words * sizeof(float)));
  TileRegisters registers(b.split());
  for (Tasks tasks(team); tasks.next_round();) {
    for (int64_t m = b.members - 1; m >= 0; m--) {
      rows_tasks(b, m, tiles, tasks, scratch, tile_words);
      if (b.d_parameters && m + 1 < b.members) weights_tasks(b, m + 1, tasks, scratch);
    }
    if (b.d_parameters) weights_tasks(b, 0, tasks, scratch);
  }
  if (b.sums_dx()) {
    team.barrier();
    sum_member_dx(b, team);
  }
}
