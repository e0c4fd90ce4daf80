// The weights phase of mlp_backward: dW = X^T dZ and db for all members and layers in one launch,
// on the tensor cores (mma.cuh). A block of 4 warps makes a tile of one dW, 64 x 64 with 32 x 32
// for each warp, or, where that makes too few blocks, 32 x 32 with a quarter of the rows for each
// warp. X and dZ are both stored by row, so chunks of 32 rows are copied as they are, a chunk
// ahead.
#pragma once
#include "mlp_backward_rows.cuh"

namespace mpdp::mlp_backward {

constexpr int kDepth = 32, kTileThreads = 128;

// The tile of a block: which member's and layer's dW, and where in it.
template <int kSide>
struct WeightTile {
  int64_t m;
  int layer, in, out, row, column;  // of dW (in, out)

  // Blocks go through layers from the last, the first to have been worth waiting for, then members.
  MPDP_DEVICE WeightTile(const Problem& p, int64_t block) {
    for (layer = p.mlp.layers;; layer--) {
      in = p.mlp.in(layer);
      out = p.mlp.out(layer);
      int down = (in + kSide - 1) / kSide, across = (out + kSide - 1) / kSide;
      int64_t tiles = p.members * down * across;
      if (block >= tiles && layer > 0) {
        block -= tiles;
        continue;
      }
      m = block / (down * across);
      int in_matrix = static_cast<int>(block - m * down * across);
      row = in_matrix / across * kSide;
      column = in_matrix % across * kSide;
      return;
    }
  }

  // dW's tile and db in a vector of MlpShape layout.
  MPDP_DEVICE float* weights(const Problem& p) const {
    int64_t line = (p.first + m) * in + row;
    return p.d_parameters + p.mlp.weights(layer) + line * out + column;
  }
  MPDP_DEVICE float* bias(const Problem& p) const {
    return p.d_parameters + p.mlp.bias(layer) + (p.first + m) * out + column;
  }
  // The tile's columns of X (rows, in) and dZ (rows, out).
  MPDP_DEVICE const float* left(const Problem& p) const {
    int64_t private_row = p.mode == kPrivate ? m * p.rows : 0;
    return row + (layer == 0 ? p.call.in(kX) + private_row * in : p.tape(layer - 1, m, 0).h);
  }
  MPDP_DEVICE const float* right(const Problem& p) const {
    return column +
           (layer == p.mlp.layers ? p.call.in(kDy) + m * p.rows * out : p.layer_dz(m, layer));
  }
};

// A tile's columns of a row-major matrix, copied in chunks of kDepth rows.
template <int kSide>
struct Columns {
  static constexpr int kLine = kSide + 8;  // lanes that load a fragment meet 32 banks
  static constexpr int kAcross = kSide / 4, kDown = kTileThreads / kAcross;

  const float* source;  // this thread's first words of the next chunk
  int width, columns;   // words a row; columns from here on
  int r, c;             // the thread's place in a chunk
  bool wide;            // 16 bytes at a time

  MPDP_DEVICE Columns(const float* first, int row_words, int columns_left)
      : width(row_words),
        columns(columns_left),
        r(static_cast<int>(threadIdx.x) / kAcross),
        c(static_cast<int>(threadIdx.x) % kAcross * 4),
        wide(aligned16(first) && ((row_words | columns_left) & 3) == 0) {
    source = first + r * width + c;
  }

  // Begins to copy the next `left` rows, or a chunk of them; its others are 0.
  MPDP_DEVICE void issue(int left, float (*to)[kLine]) {
    const float* from = source;
#pragma unroll
    for (int i = 0; i < kDepth; i += kDown, from += kDown * width) {
      if (r + i >= left) {
        *reinterpret_cast<float4*>(&to[r + i][c]) = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
      } else if (wide) {
        if (c < columns) stage16(&to[r + i][c], from);
      } else {
        for (int e = 0; e < 4 && c + e < columns; e++) stage4(&to[r + i][c + e], from + e);
      }
    }
    source = from;
  }
};

template <Precision kPrecision, int kSide>
struct Weights {
  static constexpr int kStages = kSide == 64 ? 2 : 3, kLine = Columns<kSide>::kLine;
  // k steps of a chunk for each warp, and the warps that share a result.
  static constexpr int kSharers = kSide == 64 ? 1 : 4, kSteps = kDepth / 8 / kSharers;
  using Chunk = float[kDepth][kLine];
  struct Shared {
    Chunk x[kStages], dz[kStages];
  };

  const Problem& p;
  WeightTile<kSide> t;
  Shared& shared;
  Columns<kSide> x, dz;
  int rows, warp, lane, down, across;  // of this warp in the tile
  float sums[2][4][4], bias;

  MPDP_DEVICE Weights(const Problem& problem, Shared& memory)
      : p(problem),
        t(problem, blockIdx.x),
        shared(memory),
        x(t.left(p), t.in, t.in - t.row),
        dz(t.right(p), t.out, t.out - t.column),
        rows(static_cast<int>(p.present)),
        warp(static_cast<int>(threadIdx.x) / 32),
        lane(static_cast<int>(threadIdx.x) % 32),
        down(kSharers == 1 ? warp / 2 * 32 : 0),
        across(kSharers == 1 ? warp % 2 * 32 : 0),
        sums{},
        bias(0.0f) {}

  MPDP_DEVICE void issue(int k, int stage) {
    if (k < rows) {
      x.issue(rows - k, shared.x[stage]);
      dz.issue(rows - k, shared.dz[stage]);
    }
    stage_end();
  }

  MPDP_DEVICE void run() {
    bool idle = t.row + down >= t.in || t.column + across >= t.out;
    bool sums_bias = t.row == 0 && threadIdx.x < kSide;
#pragma unroll
    for (int s = 0; s < kStages - 1; s++) issue(s * kDepth, s);
    int stage = 0, place = kStages - 1;
    for (int k = 0; k < rows; k += kDepth) {
      stage_wait<kStages - 2>();
      __syncthreads();  // this chunk is here, and nobody reads the stage that is copied to next
      issue(k + (kStages - 1) * kDepth, place);
      if (!idle) add(shared.x[stage], shared.dz[stage]);
      for (int i = 0; sums_bias && i < kDepth; i++) bias += shared.dz[stage][i][threadIdx.x];
      stage = stage + 1 == kStages ? 0 : stage + 1;
      place = place + 1 == kStages ? 0 : place + 1;
    }
    if (kSharers > 1) join();
    if (kSharers == 1 || warp == 0) store();
    if (sums_bias && t.column + static_cast<int>(threadIdx.x) < t.out) {
      put(t.bias(p) + threadIdx.x, bias, p.call.flag(kAccumulateParameters));
    }
  }

  // sums += x^T dz of this warp's rows of one chunk, rounded once: see MlpTile::add.
  MPDP_DEVICE void add(const Chunk& left, const Chunk& right) {
    float part[2][4][4] = {};
    int group = lane / 4, turn = lane % 4;
#pragma unroll
    for (int step = 0; step < kSteps; step++) {
      int k = 8 * (kSharers == 1 ? step : warp * kSteps + step) + turn;
      float a[2][4], b[4][2];
#pragma unroll
      for (int i = 0; i < 2; i++) {
#pragma unroll
        for (int e = 0; e < 4; e++) {
          a[i][e] = left[k + e / 2 * 4][down + 16 * i + group + e % 2 * 8];
        }
      }
#pragma unroll
      for (int j = 0; j < 4; j++) {
        b[j][0] = right[k][across + 8 * j + group];
        b[j][1] = right[k + 4][across + 8 * j + group];
      }
      multiply_add<kPrecision, 2, 4>(part, a, b);
    }
#pragma unroll
    for (int i = 0; i < 32; i++) nth(sums, i) += nth(part, i);
  }

  // Warp 0 receives the sums of all, in their order; they meet where the chunks were.
  MPDP_DEVICE void join() {
    float* meet = reinterpret_cast<float*>(&shared);
    __syncthreads();
#pragma unroll
    for (int i = 0; i < 32; i++) meet[(warp * 32 + i) * 32 + lane] = nth(sums, i);
    __syncthreads();
#pragma unroll
    for (int i = 0; i < 32 && warp == 0; i++) {
      for (int s = 1; s < kSharers; s++) nth(sums, i) += meet[(s * 32 + i) * 32 + lane];
    }
  }

  MPDP_DEVICE void store() const {
    bool add = p.call.flag(kAccumulateParameters);
    int left = t.in - t.row - down, right = t.out - t.column - across;
    float* target = t.weights(p) + static_cast<int64_t>(down) * t.out + across;
#pragma unroll
    for (int i = 0; i < 4; i++) {
      int row = 16 * (i / 2) + lane / 4 + i % 2 * 8;
      float* line = target + static_cast<int64_t>(row) * t.out;
#pragma unroll
      for (int j = 0; j < 4 && row < left; j++) {
        int column = 8 * j + lane % 4 * 2;
        const float* pair = &sums[i / 2][j][i % 2 * 2];
        if (column < right) put(line + column, pair[0], add);
        if (column + 1 < right) put(line + column + 1, pair[1], add);
      }
    }
  }
};

}  // namespace mpdp::mlp_backward
