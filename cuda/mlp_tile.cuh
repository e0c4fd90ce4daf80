// The product of one tile of rows with one layer's weights, for passes that keep the tile's
// activations in shared memory from layer to layer: results^T (units, rows) = W^T activations^T on
// the tensor cores (mma.cuh), so that the rows are the side that comes in steps of 8.
//
// Activations are stored by unit, (units, kPitch) with kTile rows of a unit side by side, and zeros
// up to a multiple of 8 units; the lanes that load a fragment meet 32 banks. Weights come in chunks
// (weight_stream.cuh). A pass computes 256 units, 32 a warp; a narrower one splits each chunk over
// the warps that would idle, and adds the splits in order.
#pragma once
#include "mma.cuh"
#include "weight_stream.cuh"

namespace mpdp {

template <int kTile_, int kDepth_, Precision kPrecision_, bool kTransposed>
struct MlpTile {
  static constexpr int kTile = kTile_, kFragments = kTile / 8;
  static constexpr Precision kPrecision = kPrecision_;
  using Stream = WeightStream<kDepth_, kTransposed>;
  static constexpr int kDepth = kDepth_, kLine = Stream::kLine, kPass = Stream::kPass;
  static constexpr int kBlocks = 2, kUnits = 16 * kBlocks, kWarps = kPass / kUnits;
  static constexpr int kThreads = 32 * kWarps;
  static constexpr int kSteps = kPrecision == kBf16 ? 2 : 1;  // of 8 rows, multiplied at once
  static constexpr int kPitch = kTile == 8 ? 8 : kTile + 8;
  static constexpr int kValues = 4 * kBlocks * kFragments;  // results of a lane
  static constexpr int kJoinWords = kThreads * kValues;
  static_assert(kTile % 8 == 0 && kPitch % 16 == 8, "lanes meet different banks");
  static_assert(kThreads == Stream::kThreads, "all threads copy");

  // Of a lane: results (kUnits, kTile rows) of its warp; unit_of(i, e) and row_of(j, e) say which.
  using Sums = float[kBlocks][kFragments][4];

  Stream weights;
  int warp, lane;

  explicit MPDP_DEVICE MlpTile(float* shared)
      : weights(shared),
        warp(static_cast<int>(threadIdx.x) / 32),
        lane(static_cast<int>(threadIdx.x) % 32) {}

  // Words of one of the two activation matrices; the splits of a narrow pass meet in one, too.
  static MPDP_DEVICE int64_t activation_words(const Mlp& mlp) {
    int widest = mlp.width > mlp.inputs ? mlp.width : mlp.inputs;
    widest = widest > mlp.outputs ? widest : mlp.outputs;
    return most(static_cast<int64_t>(padded(widest)) * kPitch, kJoinWords);
  }
  static MPDP_DEVICE int padded(int units) { return Stream::padded(units); }

  // Where a warp works in a pass: from which unit on, and on which of how many parts of the sum.
  // Later passes are not split: results of the first are where the splits meet.
  struct Unit {
    int first, split, splits;
  };
  static MPDP_DEVICE Unit unit(const Slice& s, int first) {
    int groups = kWarps, warp = static_cast<int>(threadIdx.x) / 32;
    while (first == 0 && groups > 1 && groups / 2 * kUnits >= s.units) groups /= 2;
    return {warp % groups * kUnits, warp / groups, kWarps / groups};
  }
  // Unit and row of sums[i][j][e], after Unit::first.
  MPDP_DEVICE int unit_of(int i, int e) const { return 16 * i + lane / 4 + e / 2 * 8; }
  MPDP_DEVICE int row_of(int j, int e) const { return 8 * j + lane % 4 * 2 + e % 2; }

  // The lane's results from and to a row-major matrix of `width` columns, of which these are
  // `first` and on. `matrix` is the tile's first row; rows from `count` on are absent.
  MPDP_DEVICE void store(float* matrix, int width, int first, int count, const Sums& values) const {
    matrix += row_of(0, 0) * width + first;
#pragma unroll
    for (int j = 0; j < kFragments; j++, matrix += 8 * width) {
      int r = row_of(j, 0);
#pragma unroll
      for (int i = 0; i < 2 * kBlocks; i++) {
        int u = unit_of(i / 2, i % 2 * 2);
        const float* pair = &values[i / 2][j][i % 2 * 2];
        bool real = first + u < width;
        if (real && r < count) matrix[u] = pair[0];
        if (real && r + 1 < count) matrix[width + u] = pair[1];
      }
    }
  }
  MPDP_DEVICE void fetch(const float* matrix, int width, int first, int count, Sums& values) const {
    matrix += row_of(0, 0) * width + first;
#pragma unroll
    for (int j = 0; j < kFragments; j++, matrix += 8 * width) {
      int r = row_of(j, 0);
#pragma unroll
      for (int i = 0; i < 2 * kBlocks; i++) {
        int u = unit_of(i / 2, i % 2 * 2);
        float* pair = &values[i / 2][j][i % 2 * 2];
        bool real = first + u < width;
        pair[0] = real && r < count ? matrix[u] : 0.0f;
        pair[1] = real && r + 1 < count ? matrix[width + u] : 0.0f;
      }
    }
  }
  // To shared memory, by unit, of `units` in all; those of the padding become 0.
  MPDP_DEVICE void keep(float* to, int units, int first, const Sums& values) const {
#pragma unroll
    for (int i = 0; i < 2 * kBlocks; i++) {
      int unit = first + unit_of(i / 2, i % 2 * 2);
      if (unit >= padded(units)) continue;
#pragma unroll
      for (int j = 0; j < kFragments; j++) {
        const float* pair = &values[i / 2][j][i % 2 * 2];
        float2 two = unit < units ? make_float2(pair[0], pair[1]) : make_float2(0.0f, 0.0f);
        *reinterpret_cast<float2*>(to + unit * kPitch + row_of(j, 0)) = two;
      }
    }
  }

  // sums = now^T a, with a shared (now.depth, kPitch), `now` being the slice whose turn it is and u
  // the warp's unit of it. Results are those of split 0; `meet` is shared memory of kJoinWords that
  // nobody reads. Ends in a barrier where it splits.
  template <class Owner>
  MPDP_DEVICE void multiply(const Owner& owner, const Slice& now, const Unit& u, const float* a,
                            float* meet, Sums& sums) {
    int part = kDepth / u.splits < 8 ? 8 : kDepth / u.splits, from = part * u.split;
    int offset = kTransposed ? u.first * kLine + from : from * kLine + u.first;
    bool idle = u.first >= now.units || from >= kDepth;
#pragma unroll
    for (int i = 0; i < kValues; i++) nth(sums, i) = 0.0f;
    for (int k = from; k < now.depth + from; k += kDepth) {
      const float* w = weights.take(owner);
      int n = now.depth - k < part ? now.depth - k : part;
      if (!idle) add(a + k * kPitch, w + offset, n, sums);
    }
    if (u.splits > 1) join(u, meet, sums);
  }

  // sums += w^T a over `depth` rows, or a multiple of 8. The tensor cores cut off what they add, so
  // no more than kRounded rows are added there; their sums are rounded to the nearest.
  static MPDP_DEVICE void add(const float* a, const float* w, int depth, Sums& sums) {
    constexpr int kRounded = 32;
    constexpr int kRight = kTransposed ? kLine : 1, kBelow = kTransposed ? 1 : kLine;
    int l = static_cast<int>(threadIdx.x) % 32, g = l / 4, t = l % 4;
    w += g * kRight + t * kBelow;
    a += t * kPitch + g;
    for (int begin = 0; begin < depth; begin += kRounded) {
      int end = depth - begin < kRounded ? depth - begin : kRounded;
      Sums part;
#pragma unroll
      for (int i = 0; i < kValues; i++) nth(part, i) = 0.0f;
      int k = 0;
#pragma unroll 2
      for (; k + 8 * (kSteps - 1) < end; k += 8 * kSteps) {
        add_step<kSteps>(a, w, part);
        a += 8 * kSteps * kPitch, w += 8 * kSteps * kBelow;
      }
      if (kSteps > 1 && k < end) add_step<1>(a, w, part);  // the last 8 of `depth`
#pragma unroll
      for (int i = 0; i < kValues; i++) nth(sums, i) += nth(part, i);
    }
  }

  // sums += w^T a over 8 N rows.
  template <int N>
  static MPDP_DEVICE void add_step(const float* a, const float* w, Sums& sums) {
    constexpr int kRight = kTransposed ? kLine : 1, kBelow = kTransposed ? 1 : kLine;
    float weights[N][kBlocks][4], rows[N][kFragments][2];
#pragma unroll
    for (int s = 0; s < N; s++) {
#pragma unroll
      for (int i = 0; i < kBlocks; i++) {
#pragma unroll
        for (int e = 0; e < 4; e++) {
          weights[s][i][e] = w[(16 * i + e % 2 * 8) * kRight + (8 * s + e / 2 * 4) * kBelow];
        }
      }
#pragma unroll
      for (int j = 0; j < kFragments; j++) {
        rows[s][j][0] = a[8 * j + 8 * s * kPitch];
        rows[s][j][1] = a[8 * j + (8 * s + 4) * kPitch];
      }
    }
    if constexpr (kPrecision == kBf16) {
      multiply_add_pairs<kBlocks, kFragments, N>(sums, weights, rows);
    } else {
      multiply_add<kPrecision, kBlocks, kFragments>(sums, weights[0], rows[0]);
    }
  }

  // Split 0 receives the sum of all splits, in their order.
  MPDP_DEVICE void join(const Unit& u, float* meet, Sums& sums) const {
    int step = kThreads / u.splits * kValues;  // from one split to the next
    float* mine = meet + warp * 32 * kValues + lane;
#pragma unroll
    for (int i = 0; i < kValues; i++) mine[32 * i] = nth(sums, i);
    __syncthreads();
#pragma unroll
    for (int i = 0; i < kValues; i++) {
      for (int s = 1; u.split == 0 && s < u.splits; s++) nth(sums, i) += mine[s * step + 32 * i];
    }
    __syncthreads();  // the results may be stored where the splits met
  }

  // Rows [0, count) of a row-major matrix of `width` columns, by unit, with zeros around them.
  MPDP_DEVICE void load(const float* from, int width, int count, float* to) const {
    int all = padded(width);
    for (int i = static_cast<int>(threadIdx.x); i < kTile * all; i += kThreads) {
      int row = i / all, k = i - row * all;
      to[k * kPitch + row] = row < count && k < width ? from[row * width + k] : 0.0f;
    }
  }
};

// The sum of a value over the warp, in a fixed order.
MPDP_DEVICE float warp_sum(float value) {
  for (int step = 16; step > 0; step /= 2) value += __shfl_xor_sync(~0u, value, step);
  return value;
}

}  // namespace mpdp
