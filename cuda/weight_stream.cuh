// A network's weights on their way through shared memory, layer after layer, in chunks of kDepth
// rows. While one is multiplied, the next is copied. The copying is made to be cheap: a chunk takes
// a thread few instructions, as all addresses but its first differ by constants.
#pragma once
#include "mlp.cuh"
#include "stage.cuh"

namespace mpdp {

// Up to kPass results of a matrix (depth, results), row-major with `stride` words a row;
// transposed: its memory is (results, depth).
struct Slice {
  const float* words = nullptr;
  int stride = 0, depth = 0, units = 0;
};

template <int kDepth_, bool kTransposed>
struct WeightStream {
  static constexpr int kDepth = kDepth_, kPass = 256, kThreads = 256, kStages = 2;
  // Words between the lines of a chunk: rows, or, transposed, results. The lanes that load a
  // fragment meet 32 banks.
  static constexpr int kLine = kTransposed ? kDepth + 4 : kPass + 8;
  static constexpr int kStageWords = kLine * (kTransposed ? kPass : kDepth);
  // Lines are copied by kAcross threads of 4 words each, kDown lines at a time.
  static constexpr int kAcross = (kTransposed ? kDepth : kPass) / 4, kDown = kThreads / kAcross;
  static constexpr int kSweeps = (kTransposed ? kPass : kDepth) / kDown;

  float* stages;    // shared (kStages, kStageWords)
  int turn, place;  // the stages that are multiplied and copied to next
  // What is copied next; layer -1: nothing.
  Slice ahead;
  int ahead_layer, ahead_first, ahead_k;
  const float* source;  // this thread's first words of the chunk
  bool wide;            // 16 bytes at a time

  explicit MPDP_DEVICE WeightStream(float* shared)
      : stages(shared), turn(0), place(0), ahead_k(0) {}

  static MPDP_DEVICE int padded(int units) { return (units + 7) & ~7; }

  // The results from `first` on.
  static MPDP_DEVICE Slice slice(const float* w, int depth, int results, int first) {
    int units = results - first < kPass ? results - first : kPass;
    return {w + (kTransposed ? static_cast<int64_t>(first) * depth : first),
            kTransposed ? depth : results, depth, units};
  }

  // The chunk whose turn it is; begins to copy the one after it. All threads call it, and are done
  // with the chunk before.
  template <class Owner>
  MPDP_DEVICE const float* take(const Owner& owner) {
    stage_wait<kStages - 2>();
    __syncthreads();
    issue(owner);
    const float* chunk = stages + turn * kStageWords;
    turn = turn + 1 == kStages ? 0 : turn + 1;
    return chunk;
  }

  // Begins with the owner's first layer. An owner has `Slice slice(int layer, int first)` and
  // `bool next(int& layer, int& first)`, false at the end.
  template <class Owner>
  MPDP_DEVICE void start(const Owner& owner, int layer) {
    ahead_layer = layer, ahead_first = 0;
    prepare(owner);
#pragma unroll 1
    for (int s = 0; s < kStages - 1; s++) issue(owner);
  }

  template <class Owner>
  MPDP_DEVICE void prepare(const Owner& owner) {
    ahead = owner.slice(ahead_layer, ahead_first);
    ahead_k = 0;
    int thread = static_cast<int>(threadIdx.x), r = thread / kAcross, c = thread % kAcross * 4;
    source = ahead.words + static_cast<int64_t>(r) * ahead.stride + c;
    wide = aligned16(ahead.words) && ((ahead.stride | (kTransposed ? 0 : ahead.units)) & 3) == 0;
  }

  // Begins to copy the chunk that is `ahead`.
  template <class Owner>
  MPDP_DEVICE void issue(const Owner& owner) {
    if (ahead_layer >= 0) {
      copy_chunk(stages + place * kStageWords);
      place = place + 1 == kStages ? 0 : place + 1;
      ahead_k += kDepth;
      if (ahead_k >= ahead.depth) {
        if (owner.next(ahead_layer, ahead_first)) {
          prepare(owner);
        } else {
          ahead_layer = -1;
        }
      }
    }
    stage_end();
  }

  MPDP_DEVICE void copy_chunk(float* to) {
    int left = ahead.depth - ahead_k, n = left < kDepth ? left : kDepth;
    if (wide) {
      int thread = static_cast<int>(threadIdx.x), r = thread / kAcross, c = thread % kAcross * 4;
      int lines = (kTransposed ? ahead.units : n) - r, columns = kTransposed ? n : ahead.units;
      int64_t step = static_cast<int64_t>(kDown) * ahead.stride;
      const float* from = source;
      to += r * kLine + c;
      lines = c < columns ? lines : 0;
#pragma unroll
      for (int i = 0; i < kSweeps; i++, from += step) {
        if (i * kDown < lines) stage16(to + i * kDown * kLine, from);
      }
      source = kTransposed ? source + kDepth : from;
      to -= r * kLine + c;
    } else {
      copy_words(to, n);
    }
    if (n % 8 != 0) zero(to, n);
  }

  // The same word by word, for lines that are not multiples of 16 bytes.
  MPDP_DEVICE void copy_words(float* to, int n) const {
    int lines = kTransposed ? ahead.units : n, columns = kTransposed ? n : ahead.units;
    int64_t begin = kTransposed ? ahead_k : static_cast<int64_t>(ahead_k) * ahead.stride;
    const float* from = ahead.words + begin;
#pragma unroll 1
    for (int i = static_cast<int>(threadIdx.x); i < lines * columns; i += kThreads) {
      int r = i / columns, c = i - r * columns;
      stage4(to + r * kLine + c, from + static_cast<int64_t>(r) * ahead.stride + c);
    }
  }

  // Weights that follow the last row, up to a multiple of 8 rows: they meet zeros, but must be
  // numbers.
  MPDP_DEVICE void zero(float* to, int n) const {
    int more = padded(n) - n;
#pragma unroll 1
    for (int i = static_cast<int>(threadIdx.x); i < more * kPass; i += kThreads) {
      int k = n + i / kPass, unit = i % kPass;
      to[kTransposed ? unit * kLine + k : k * kLine + unit] = 0.0f;
    }
  }
};

}  // namespace mpdp
