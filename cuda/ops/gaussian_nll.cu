// Gaussian negative log-likelihood of an ensemble with its gradient; see
// mpdp.backend.op.GaussianNll. A block takes one member's chunk of rows, a thread one dimension of
// every few rows; it sums what it made in registers, the block adds its threads in row order, and a
// last block adds the chunks in theirs. 12 bytes an element, 8 more for the gradient; about 100
// flops.
//   scratch: (members, chunks, 4, D): sums of loss, squared error, by max, by min
#include "math.cuh"

namespace mpdp::gaussian_nll {

constexpr int kThreads = 256, kSums = 4;
constexpr int64_t kChunkRows = 32;  // RowLaunches.NLL_ROWS of the launch table
enum Sum { kLoss, kSquaredError, kByMax, kByMin };

struct Problem {
  int64_t rows, dimensions, present, chunks;
  float scale;  // of the gradients: 1 / (present rows * dimensions)

  explicit MPDP_DEVICE Problem(const Call& call)
      : rows(call.size(1)),
        dimensions(call.size(2)),
        present(call.present(rows, 3)),
        chunks((rows + kChunkRows - 1) / kChunkRows),
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
  sums[kLoss] += ratio + lv.value;
  sums[kSquaredError] += difference * difference;
  sums[kByMax] += by_lv * lv.by_max;
  sums[kByMin] += by_lv * lv.by_min;
}

// The sum of one quantity and dimension over `count` chunks from `partials` on.
MPDP_DEVICE double total(const float* partials, int64_t count, int64_t dimensions, Sum sum,
                         int64_t d) {
  double value = 0;
  for (int64_t t = 0; t < count; t++) value += partials[(t * kSums + sum) * dimensions + d];
  return value;
}

}  // namespace mpdp::gaussian_nll

MPDP_KERNEL(gaussian_nll, 256) {
  using namespace mpdp::gaussian_nll;
  __shared__ float lanes[kSums][kThreads];
  Problem p(call);
  int64_t member = blockIdx.y, begin = blockIdx.x * kChunkRows, dimensions = p.dimensions;
  int64_t end = mpdp::least(begin + kChunkRows, p.present);
  int64_t head = member * p.rows * 2 * dimensions;
  const float* heads = call.in(0) + head;  // (members, rows, 2D): one member's
  const float* targets =
      call.in(1) + (call.flag(3) ? member * p.rows * dimensions : 0);  // (rows, D)
  const float* bounds = call.in(2);                                    // (2D): max, min
  float* d_heads = call.out(6) ? call.out(6) + head : nullptr;         // as heads, or null
  float* partial = scratch + (member * p.chunks + blockIdx.x) * kSums * dimensions;  // (4, D)
  int columns = static_cast<int>(mpdp::least(dimensions, kThreads)), rows = kThreads / columns;
  int column = static_cast<int>(threadIdx.x) % columns,
      lane = static_cast<int>(threadIdx.x) / columns;
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
      int s = i / columns, c = i % columns;
      double sum = 0;
      for (int r = 0; r < rows; r++) sum += lanes[s][r * columns + c];
      if (first + c < dimensions) partial[s * dimensions + first + c] = static_cast<float>(sum);
    }
  }
}

// Block m sums member m's loss and squared error; the last block, the bounds' gradients.
MPDP_KERNEL(gaussian_nll_sum, 128) {
  using namespace mpdp::gaussian_nll;
  __shared__ double loss[128], squared[128];
  Problem p(call);
  int64_t members = call.size(0), m = blockIdx.x, thread = threadIdx.x, dimensions = p.dimensions;
  float* d_bounds = call.out(7);  // (2D) or null
  for (int64_t d = thread; m == members && d < dimensions; d += 128) {
    double by_max = call.numbers[0], by_min = -call.numbers[0];
    d_bounds[d] =
        static_cast<float>(by_max + total(scratch, members * p.chunks, dimensions, kByMax, d));
    d_bounds[dimensions + d] =
        static_cast<float>(by_min + total(scratch, members * p.chunks, dimensions, kByMin, d));
  }
  if (m == members) return;
  const float* mine = scratch + m * p.chunks * kSums * dimensions;
  loss[thread] = squared[thread] = 0;
  for (int64_t d = thread; d < dimensions; d += 128) {
    loss[thread] += total(mine, p.chunks, dimensions, kLoss, d);
    squared[thread] += total(mine, p.chunks, dimensions, kSquaredError, d);
  }
  __syncthreads();
  if (thread != 0) return;
  for (int64_t t = 1; t < 128; t++) loss[0] += loss[t], squared[0] += squared[t];
  double elements = static_cast<double>(p.present) * static_cast<double>(dimensions);
  call.out(4)[m] = p.present > 0 ? static_cast<float>(loss[0] / elements) : 0.0f;     // (members)
  call.out(5)[m] = p.present > 0 ? static_cast<float>(squared[0] / elements) : 0.0f;  // (members)
}
