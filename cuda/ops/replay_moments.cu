// Mean and standard deviation over the replay ring; see mpdp.backend.op.ReplayMoments. Sums and
// sums of squares in double, about the ring's first row so that a large mean costs no digits. The
// blocks share the rows evenly; in a block, neighbouring threads take neighbouring columns, so a
// row is read in whole lines: memory-bound, 4 bytes a word of the ring. A second launch adds the
// blocks' sums in order.
//   scratch: double (blocks, 2, columns): sums, squares
#include "math.cuh"

namespace mpdp::replay_moments {

constexpr int kThreads = 256;
constexpr int64_t kBlocks =
    264;  // RowLaunches.MOMENTS_BLOCKS of the launch table: 2 a multiprocessor

// Columns are the inputs, then (targets) the reward and the state changes.
struct Ring {
  const float* rows;  // (capacity, stride): state, action, reward, next state, terminated
  int64_t states, inputs, stride, size, columns;

  explicit MPDP_DEVICE Ring(const Call& call)
      : rows(call.in(0)),
        states(call.size(0)),
        inputs(states + call.size(1)),
        stride(inputs + states + 2),
        size(call.ints(1)[0]),
        columns(inputs + (call.flag(2) ? states + 1 : 0)) {}

  MPDP_DEVICE double value(int64_t row, int64_t column) const {
    const float* from = rows + row * stride;
    int64_t change = column - inputs - 1;
    if (change < 0) return from[column];
    return static_cast<double>(from[inputs + 1 + change]) - static_cast<double>(from[change]);
  }
};

}  // namespace mpdp::replay_moments

MPDP_KERNEL(replay_moments, 256) {
  using namespace mpdp::replay_moments;
  __shared__ double lanes[2][kThreads];
  Ring ring(call);
  int64_t share = (ring.size + kBlocks - 1) / kBlocks, begin = blockIdx.x * share;
  int64_t end = mpdp::least(begin + share, ring.size);
  double* sums = reinterpret_cast<double*>(scratch) + 2 * blockIdx.x * ring.columns;
  int thread = static_cast<int>(threadIdx.x);
  int columns = static_cast<int>(mpdp::least(ring.columns, kThreads)), rows = kThreads / columns;
  int lane = thread / columns, column = thread - lane * columns;
  for (int64_t first = 0; first < ring.columns; first += columns) {
    int64_t c = first + column;
    double sum = 0, square = 0;
    if (c < ring.columns && lane < rows) {
      double origin = ring.value(0, c);
      for (int64_t row = begin + lane; row < end; row += rows) {
        double a = ring.value(row, c) - origin;
        sum += a;
        square += a * a;
      }
    }
    __syncthreads();
    lanes[0][thread] = sum;
    lanes[1][thread] = square;
    __syncthreads();
    if (lane != 0 || c >= ring.columns) continue;
    for (int r = 1; r < rows; r++) {
      sum += lanes[0][r * columns + column];
      square += lanes[1][r * columns + column];
    }
    sums[c] = sum;
    sums[ring.columns + c] = square;
  }
}

MPDP_KERNEL(replay_moments_sum, 256) {
  using namespace mpdp::replay_moments;
  Ring ring(call);
  const double* sums = reinterpret_cast<const double*>(scratch);
  double rows = static_cast<double>(ring.size);
  for (int64_t c = threadIdx.x; c < ring.columns; c += kThreads) {
    double sum = 0, square = 0;
    for (int64_t b = 0; b < kBlocks; b++) {
      sum += sums[2 * b * ring.columns + c];
      square += sums[(2 * b + 1) * ring.columns + c];
    }
    double mean = sum / rows, variance = square / rows - mean * mean;
    double deviation = sqrt(variance < 0 ? 0.0 : variance), centre = ring.value(0, c) + mean;
    if (deviation < 1e-6) deviation = 1.0;
    if (c < ring.inputs) {
      call.out(2)[c] = static_cast<float>(centre);           // (inputs)
      call.out(3)[c] = static_cast<float>(1.0 / deviation);  // (inputs)
    } else {
      int64_t change = c - ring.inputs - 1, output = change < 0 ? ring.states : change;
      call.out(4)[output] = static_cast<float>(centre);     // (states + 1)
      call.out(5)[output] = static_cast<float>(deviation);  // (states + 1)
    }
  }
}
