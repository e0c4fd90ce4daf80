// The product of one tile of rows with one layer's weights, for passes that keep the tile's
// activations in shared memory from layer to layer.
//
// Activations are stored by unit, (units, kPitch) with kTile rows of a unit side by side: a thread
// reads the kRows rows of its results with 16-byte loads that a whole warp shares (one wavefront),
// and one weight for each of its kColumns columns, 32 apart, that neighbouring lanes read side by
// side. So a step of k costs a warp kColumns + kRows / 4 wavefronts for kRows kColumns products a
// lane. Weights come in chunks, copied into one of two stages while the other is multiplied. A pass
// computes 256 columns; a narrower one splits k over the warps that would idle, and adds the splits
// in order.
#pragma once
#include "mlp.cuh"
#include "stage.cuh"

namespace mpdp {

// Up to kPass columns of a matrix (depth, columns), row-major with `stride` words a row;
// transposed: its memory is (columns, depth).
struct Slice {
  const float* words = nullptr;
  int stride = 0, depth = 0, columns = 0;
  int pitch = 256;  // words a row in shared memory: a power of two, at least columns
};
// By member, so that no copy is kept in local memory.
MPDP_DEVICE Slice choose(bool first, const Slice& a, const Slice& b) {
  return {first ? a.words : b.words, first ? a.stride : b.stride, first ? a.depth : b.depth,
          first ? a.columns : b.columns, first ? a.pitch : b.pitch};
}

template <int kTile_, int kRows_, int kColumns_, bool kTransposed>
struct MlpTile {
  static constexpr int kTile = kTile_, kRows = kRows_, kColumns = kColumns_;
  static constexpr int kThreads = 256, kWarps = kThreads / 32;
  static constexpr int kPitch = kTile + 4;  // rows of 16 bytes; lanes that store meet few conflicts
  static constexpr int kRowGroups = kTile / kRows;
  static constexpr int kPass = 256, kLeastPitch = 32 * kColumns;
  static constexpr int kStageWords = 16 * kPass + (kTransposed ? 16 * kPass / kLeastPitch : 0);
  static_assert(kLeastPitch * kWarps / kRowGroups == kPass, "the warps cover a pass");

  float* stages;  // shared (2, kStageWords)
  int turn;       // the stage of the chunk that is multiplied next
  int warp, lane;

  explicit MPDP_DEVICE MlpTile(float* shared)
      : stages(shared),
        turn(0),
        warp(static_cast<int>(threadIdx.x) / 32),
        lane(static_cast<int>(threadIdx.x) % 32) {}

  // The columns from `first` on. Later passes are not split: results of the first are where the
  // splits meet.
  static MPDP_DEVICE Slice slice(const float* w, int depth, int columns, int first) {
    Slice s = {w + (kTransposed ? static_cast<int64_t>(first) * depth : first),
               kTransposed ? depth : columns, depth, columns - first, kPass};
    s.columns = s.columns < kPass ? s.columns : kPass;
    while (first == 0 && s.pitch / 2 >= s.columns && s.pitch > kLeastPitch) s.pitch /= 2;
    return s;
  }

  // Words between the rows of a stage; odd where a column's neighbours in memory are its rows.
  static MPDP_DEVICE int row_words(const Slice& s) { return s.pitch + (kTransposed ? 1 : 0); }
  static MPDP_DEVICE int chunk(const Slice& s) { return 16 * kPass / s.pitch; }

  // Begins to copy rows k .. k + chunk - 1 into a stage.
  MPDP_DEVICE void issue(const Slice& s, int k, int stage) const {
    float* to = stages + stage * kStageWords;
    int n = s.depth - k < chunk(s) ? s.depth - k : chunk(s), thread = static_cast<int>(threadIdx.x);
    if (kTransposed) {  // 16 neighbouring words of each column
      const float* from = s.words + k;
      int words = row_words(s);
#pragma unroll 4
      for (int c = thread / 16; c < s.columns; c += kThreads / 16) {
#pragma unroll 1
        for (int r = thread % 16; r < n; r += 16) {
          stage4(to + r * words + c, from + static_cast<int64_t>(c) * s.stride + r);
        }
      }
      return;
    }
    const float* from = s.words + static_cast<int64_t>(k) * s.stride;
    int width = aligned16(from) && (s.stride | s.columns) % 4 == 0 ? 4 : 1,
        across = s.pitch / width;
    int c = thread % across * width;
#pragma unroll 2
    for (int r = thread / across; c < s.columns && r < n; r += kThreads / across) {
      float* target = to + r * s.pitch + c;
      const float* source = from + static_cast<int64_t>(r) * s.stride + c;
      width == 4 ? stage16(target, source) : stage4(target, source);
    }
  }

  // Where a warp works in a pass.
  struct Unit {
    int row, column, split, splits;  // first row and column of the lane's results
  };
  MPDP_DEVICE Unit unit(const Slice& s) const {
    int groups = s.pitch / kLeastPitch, rest = warp / kRowGroups;
    return {warp % kRowGroups * kRows, rest % groups * kLeastPitch + lane, rest / groups,
            kWarps / kRowGroups / groups};
  }

  // sums = a now, with a shared (now.depth, kPitch). The first chunk of `now` has been issued; that
  // of `next`, which may be empty, is. Results are those of split 0; `meet` is shared memory of
  // kWarps 32 kRows kColumns words that nobody reads. Ends in a barrier where it splits.
  MPDP_DEVICE Unit multiply(const Slice& now, const Slice& next, const float* a, float* meet,
                            float (&sums)[kRows][kColumns]) {
    Unit u = unit(now);
    int words = row_words(now), depth = chunk(now);
#pragma unroll
    for (int r = 0; r < kRows; r++) {
#pragma unroll
      for (int c = 0; c < kColumns; c++) sums[r][c] = 0.0f;
    }
    for (int k = 0; k < now.depth; k += depth, turn ^= 1) {
      stage_wait();
      __syncthreads();  // this chunk is here, and nobody reads the other stage
      bool more = k + depth < now.depth;
      issue(choose(more, now, next), more ? k + depth : 0, turn ^ 1);
      int n = now.depth - k < depth ? now.depth - k : depth, part = (n + u.splits - 1) / u.splits;
      int from = part * u.split, to = from + part < n ? from + part : n;
      add(a + (k + from) * kPitch + u.row, stages + turn * kStageWords + from * words + u.column,
          words, to - from, sums);
    }
    if (u.splits > 1) join(u, meet, sums);
    return u;
  }

  // sums += a w over `depth` rows.
  static MPDP_DEVICE void add(const float* a, const float* w, int words, int depth,
                              float (&sums)[kRows][kColumns]) {
#pragma unroll 4
    for (int k = 0; k < depth; k++, a += kPitch, w += words) {
      float x[kRows], y[kColumns];
#pragma unroll
      for (int r = 0; r < kRows; r += 4) {
        float4 four = *reinterpret_cast<const float4*>(a + r);
        x[r] = four.x, x[r + 1] = four.y, x[r + 2] = four.z, x[r + 3] = four.w;
      }
#pragma unroll
      for (int c = 0; c < kColumns; c++) y[c] = w[32 * c];
#pragma unroll
      for (int r = 0; r < kRows; r++) {
#pragma unroll
        for (int c = 0; c < kColumns; c++) sums[r][c] = fmaf(x[r], y[c], sums[r][c]);
      }
    }
  }

  // Split 0 receives the sum of all splits, in their order.
  MPDP_DEVICE void join(const Unit& u, float* meet, float (&sums)[kRows][kColumns]) const {
    constexpr int kValues = 32 * kRows * kColumns;
    int step = kWarps / u.splits * kValues;  // from one split to the next
    float* mine = meet + warp * kValues + lane;
#pragma unroll
    for (int r = 0; r < kRows; r++) {
#pragma unroll
      for (int c = 0; c < kColumns; c++) mine[32 * (r * kColumns + c)] = sums[r][c];
    }
    __syncthreads();
#pragma unroll
    for (int r = 0; r < kRows; r++) {
#pragma unroll
      for (int c = 0; c < kColumns; c++) {
        for (int s = 1; u.split == 0 && s < u.splits; s++) {
          sums[r][c] += mine[s * step + 32 * (r * kColumns + c)];
        }
      }
    }
    __syncthreads();  // the results may be stored where the splits met
  }

  // Words of one of the two activation matrices; the splits of a narrow pass meet in one, too.
  static MPDP_DEVICE int64_t activation_words(const Mlp& mlp) {
    int widest = mlp.width > mlp.inputs ? mlp.width : mlp.inputs;
    widest = widest > mlp.outputs ? widest : mlp.outputs;
    return most(static_cast<int64_t>(widest) * kPitch, kWarps * 32 * kRows * kColumns);
  }

  // Rows [0, count) of a row-major matrix of `width` columns, by unit; the tile's other rows are 0.
  MPDP_DEVICE void load(const float* from, int width, int count, float* to) const {
    for (int i = static_cast<int>(threadIdx.x); i < kTile * width; i += kThreads) {
      int row = i / width, k = i - row * width;
      to[k * kPitch + row] = row < count ? from[i] : 0.0f;
    }
  }
};

// The sum of a value over the warp, in a fixed order.
MPDP_DEVICE float warp_sum(float value) {
  for (int step = 16; step > 0; step /= 2) value += __shfl_xor_sync(~0u, value, step);
  return value;
}

}  // namespace mpdp
