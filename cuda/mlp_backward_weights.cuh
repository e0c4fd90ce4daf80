// The weights phase of mlp_backward: dW = X^T dZ and db for all members and layers in one launch. A
// block makes a tile of 64 x 64 of one dW over its split of the rows; X and dZ are both stored by
// row, so chunks of 16 rows are copied as they are, into one of two stages while the other is
// multiplied. 128 threads of 8 x 4 results: 3 16-byte loads for 32 products.
#pragma once
#include "mlp_backward_rows.cuh"

namespace mpdp::mlp_backward {

constexpr int kSide = 64, kDepth = 16, kTileThreads = 128;

// The tile of a block: which member's and layer's dW, and where in it.
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

  // First words of dW's tile and of db in a vector of MlpShape layout.
  MPDP_DEVICE int64_t weights(const Problem& p) const {
    return p.mlp.weights(layer) + ((p.first + m) * in + row) * out + column;
  }
  MPDP_DEVICE int64_t bias(const Problem& p) const {
    return p.mlp.bias(layer) + (p.first + m) * out + column;
  }
};

struct Stages {
  float x[2][kDepth][kSide], dz[2][kDepth][kSide];
};

// Begins to copy `n` rows of 64 columns, `columns` of them real, `width` words a row; rows from n
// on are 0.
MPDP_DEVICE void issue_rows(const float* from, int width, int columns, int n, float (*to)[kSide]) {
  int words = aligned16(from) && (width | columns) % 4 == 0 ? 4 : 1, across = kSide / words;
  int c = static_cast<int>(threadIdx.x) % across * words;
  for (int r = static_cast<int>(threadIdx.x) / across; r < kDepth; r += kTileThreads / across) {
    const float* source = from + static_cast<int64_t>(r) * width + c;
    if (r >= n) {
      for (int i = 0; i < words; i++) to[r][c + i] = 0.0f;
    } else if (c < columns) {
      words == 4 ? stage16(&to[r][c], source) : stage4(&to[r][c], source);
    }
  }
}

struct Weights {
  const Problem& p;
  WeightTile t;
  Stages& stages;
  const float *x, *dz;  // the tile's columns of X (rows, in) and dZ (rows, out)
  int64_t begin, end;   // rows of this split

  MPDP_DEVICE Weights(const Problem& problem, Stages& shared)
      : p(problem), t(problem, blockIdx.x), stages(shared) {
    int64_t private_row = p.mode == kPrivate ? t.m * p.rows : 0;
    x = t.layer == 0 ? p.call.in(0) + private_row * t.in : p.tape(t.layer - 1, t.m, 0).h;
    dz = t.layer == p.mlp.layers ? p.call.in(3) + t.m * p.rows * t.out : p.layer_dz(t.m, t.layer);
    x += t.row;
    dz += t.column;
    int64_t share = (p.present + gridDim.z - 1) / gridDim.z;
    share = (share + kDepth - 1) / kDepth * kDepth;
    begin = least(blockIdx.z * share, p.present);
    end = least(begin + share, p.present);
  }

  MPDP_DEVICE void issue(int64_t k, int stage) const {
    int n = static_cast<int>(least(kDepth, end - k));
    issue_rows(x + k * t.in, t.in, t.in - t.row, n, stages.x[stage]);
    issue_rows(dz + k * t.out, t.out, t.out - t.column, n, stages.dz[stage]);
  }

  MPDP_DEVICE void run(int down, int across, float (&sums)[8][4], float* bias) {
    if (begin < end) issue(begin, 0);
    int stage = 0;
    for (int64_t k = begin; k < end; k += kDepth, stage ^= 1) {
      stage_wait();
      __syncthreads();  // this chunk is here, and nobody reads the other stage
      if (k + kDepth < end) issue(k + kDepth, stage ^ 1);
      float(*a)[kSide] = stages.x[stage], (*b)[kSide] = stages.dz[stage];
#pragma unroll 4
      for (int i = 0; i < kDepth; i++) {
        float4 low = *reinterpret_cast<const float4*>(&a[i][down]);
        float4 high = *reinterpret_cast<const float4*>(&a[i][down + 4]);
        float4 right = *reinterpret_cast<const float4*>(&b[i][across]);
        float u[8] = {low.x, low.y, low.z, low.w, high.x, high.y, high.z, high.w};
        float v[4] = {right.x, right.y, right.z, right.w};
#pragma unroll
        for (int r = 0; r < 8; r++) {
#pragma unroll
          for (int c = 0; c < 4; c++) sums[r][c] = fmaf(u[r], v[c], sums[r][c]);
        }
      }
      if (t.row == 0 && threadIdx.x < kSide) {
        for (int i = 0; i < kDepth; i++) *bias += b[i][threadIdx.x];
      }
    }
  }

  // To dParameters, or to this split's part.
  MPDP_DEVICE void store(int down, int across, const float (&sums)[8][4], float bias) const {
    bool whole = gridDim.z == 1, add = whole && p.call.flag(11);
    int64_t part = whole ? 0 : blockIdx.z * p.parameter_words();
    float* target = (whole ? p.d_parameters : p.weight_parts) + part;
    float* weights = target + t.weights(p);
#pragma unroll
    for (int r = 0; r < 8; r++) {
      float* at = weights + static_cast<int64_t>(down + r) * t.out + across;
      if (t.row + down + r >= t.in) continue;
      if (!add && aligned16(at) && t.column + across + 4 <= t.out) {
        *reinterpret_cast<float4*>(at) =
            make_float4(sums[r][0], sums[r][1], sums[r][2], sums[r][3]);
        continue;
      }
#pragma unroll
      for (int c = 0; c < 4; c++) {
        if (t.column + across + c < t.out) put(at + c, sums[r][c], add);
      }
    }
    int column = static_cast<int>(threadIdx.x);
    if (t.row == 0 && column < kSide && t.column + column < t.out) {
      put(target + t.bias(p) + column, bias, add);
    }
  }
};

}  // namespace mpdp::mlp_backward
