// Gaussian negative log-likelihood of an ensemble with its gradient; see
// mpdp.backend.op.GaussianNll. A block takes one member's chunk of rows, a thread one dimension of
// every few rows; it sums what it made in registers, the block adds its threads in row order. A
// second launch adds the chunks in theirs, a block for the sums of each member and a warp for each
// gradient of a bound. 12 bytes an element, 8 more for the gradient; about 100 flops.
//   scratch: (4, D, members, chunks): sums of loss, squared error, by max, by min
#include "math.cuh"
#include "sum.cuh"

namespace mpdp::gaussian_nll {
using namespace operands::gaussian_nll;

constexpr int kThreads = 128, kSumThreads = 256, kSums = 4;
constexpr int64_t kLeastRows = 8, kMostChunks = 128;  // RowLaunches has the same
enum Sum { kLossSum, kSquaredErrorSum, kByMaxSum, kByMinSum };

struct Problem {
  int64_t members, rows, dimensions, present;
  int64_t share, chunks;  // rows of a chunk, chunks of a member
  float scale;            // of the gradients: 1 / (present rows * dimensions)

  explicit MPDP_DEVICE Problem(const Call& call)
      : members(call.size(kMembers)),
        rows(call.size(kRows)),
        dimensions(call.size(kDimensions)),
        present(call.present(rows, kCount)),
        share(most(kLeastRows, (rows + kMostChunks - 1) / kMostChunks)),
        chunks((rows + share - 1) / share),
        scale(present > 0 ? static_cast<float>(1.0 / (static_cast<double>(present) * dimensions))
                          : 0.0f) {}
};

// One element: its gradients to d_head, its terms added to sums.
MPDP_DEVICE void element(const Problem& p, float mean, float raw, float target, float max,
                         float min, float* d_head, float* sums) {
  LogVariance lv = log_variance(raw, max, min);
  float difference = mean - target, precision = expf(-lv.value);
  float ratio = difference * difference * precision, by_lv = p.scale * (1.0f - ratio);
  if (d_head) {
    d_head[0] = p.scale * 2.0f * difference * precision;
    d_head[p.dimensions] = by_lv * lv.by_raw;
  }
  sums[kLossSum] += ratio + lv.value;
  sums[kSquaredErrorSum] += difference * difference;
  sums[kByMaxSum] += by_lv * lv.by_max;
  sums[kByMinSum] += by_lv * lv.by_min;
}

// Where the chunks' sums of one quantity, dimension and member begin.
MPDP_DEVICE int64_t place(const Problem& p, int64_t sum, int64_t d, int64_t member) {
  return ((sum * p.dimensions + d) * p.members + member) * p.chunks;
}

// A member's mean of one quantity, by a whole block.
MPDP_DEVICE float mean(const Problem& p, const float* sums, Sum sum, int64_t member) {
  int count = static_cast<int>(p.chunks * p.dimensions), chunks = static_cast<int>(p.chunks);
  double total = block_sum_of<kSumThreads>(count, [=](int64_t i) {
    int d = static_cast<int>(i) / chunks, chunk = static_cast<int>(i) - d * chunks;
    return sums[place(p, sum, d, member) + chunk];
  });
  double elements = static_cast<double>(p.present) * static_cast<double>(p.dimensions);
  return p.present > 0 ? static_cast<float>(total / elements) : 0.0f;
}

}  // namespace mpdp::gaussian_nll

MPDP_KERNEL(gaussian_nll, 128) {
  using namespace mpdp::gaussian_nll;
  __shared__ float lanes[kSums][kThreads];
  Problem p(call);
  int64_t member = blockIdx.y, chunk = blockIdx.x, begin = chunk * p.share;
  int64_t end = mpdp::least(begin + p.share, p.present), dimensions = p.dimensions;
  int64_t head = member * p.rows * 2 * dimensions;
  const float* heads = call.in(kHeads) + head;  // (members, rows, 2D): one member's
  const float* targets =
      call.in(kTargets) +
      (call.flag(kPrivateTargets) ? member * p.rows * dimensions : 0);      // (rows, D)
  const float* bounds = call.in(kBounds);                                   // (2D): max, min
  float* d_heads = call.out(kDHeads) ? call.out(kDHeads) + head : nullptr;  // as heads, or null
  int columns = static_cast<int>(mpdp::least(dimensions, kThreads)), rows = kThreads / columns;
  int lane = static_cast<int>(threadIdx.x) / columns;
  int column = static_cast<int>(threadIdx.x) - lane * columns;
  for (int64_t first = 0; first < dimensions; first += columns) {
    int64_t d = first + column;
    float sums[kSums] = {};
    for (int64_t row = begin + lane; d < dimensions && lane < rows && row < end; row += rows) {
      int64_t at = row * 2 * dimensions + d;
      element(p, heads[at], heads[at + dimensions], targets[row * dimensions + d], bounds[d],
              bounds[dimensions + d], d_heads ? d_heads + at : nullptr, sums);
    }
    __syncthreads();
    for (int s = 0; s < kSums; s++) lanes[s][threadIdx.x] = sums[s];
    __syncthreads();
    for (int i = threadIdx.x; i < kSums * columns; i += kThreads) {
      int s = i / columns, c = i - s * columns;
      double sum = 0;
      for (int r = 0; r < rows; r++) sum += static_cast<double>(lanes[s][r * columns + c]);
      if (first + c < dimensions)
        scratch[place(p, s, first + c, member) + chunk] = static_cast<float>(sum);
    }
  }
}

// Block m sums member m's loss and squared error; the warps of the blocks behind, the bounds'
// gradients.
MPDP_KERNEL(gaussian_nll_sum, 256) {
  using namespace mpdp::gaussian_nll;
  Problem p(call);
  int64_t block = blockIdx.x;
  if (block < p.members) {
    float loss = mean(p, scratch, kLossSum, block),
          squared = mean(p, scratch, kSquaredErrorSum, block);
    if (threadIdx.x != 0) return;
    call.out(kLoss)[block] = loss;             // (members)
    call.out(kSquaredError)[block] = squared;  // (members)
    return;
  }
  int64_t i = (block - p.members) * (kSumThreads / 32) + threadIdx.x / 32;  // in (2D): max, min
  if (i >= 2 * p.dimensions) return;
  bool by_max = i < p.dimensions;
  const float* sums = scratch + place(p, kByMaxSum, i, 0);  // those by min follow
  double sum = mpdp::warp_sum_of<double>(p.members * p.chunks, [=](int64_t c) { return sums[c]; });
  double weight = by_max ? call.precise(kBoundsWeight) : -call.precise(kBoundsWeight);
  if (threadIdx.x % 32 == 0) call.out(kDBounds)[i] = static_cast<float>(weight + sum);
}
