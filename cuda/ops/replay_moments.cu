// Mean and standard deviation over the replay ring; see mpdp.backend.op.ReplayMoments. Sums and
// sums of squares in double, about the ring's first row so that a large mean costs no digits. The
// blocks share the rows evenly, but none takes fewer than a few, so that a young ring makes few
// sums; in a block, neighbouring threads take neighbouring columns, so a row is read in whole
// lines: memory-bound, 4 bytes a word of the ring. A second launch adds the blocks' sums, a warp
// for each column.
//   scratch: double (2, columns, blocks): sums, squares
#include "math.cuh"
#include "sum.cuh"

namespace mpdp::replay_moments {
using namespace operands::replay_moments;

constexpr int kThreads = 256, kWarps = kThreads / 32;
constexpr int64_t kBlocks = 528;   // RowLaunches.MOMENTS_BLOCKS of the launch table
constexpr int64_t kLeastRows = 8;  // of a block

// Columns are the inputs, then (targets) the reward and the state changes.
struct Ring {
  const float* rows;  // (capacity, stride): state, action, reward, next state, terminated
  int64_t states, inputs, stride, size, columns;
  int64_t share, blocks;  // rows of a block, blocks that have rows

  explicit MPDP_DEVICE Ring(const Call& call)
      : rows(call.in(kColumns)),
        states(call.size(kStates)),
        inputs(states + call.size(kActions)),
        stride(inputs + states + 2),
        size(call.ints(kSize)[0]),
        columns(inputs + (call.flag(kTargets) ? states + 1 : 0)),
        share(most(kLeastRows, (size + kBlocks - 1) / kBlocks)),
        blocks((size + share - 1) / share) {}

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
  int64_t block = blockIdx.x, begin = block * ring.share;
  int64_t end = mpdp::least(begin + ring.share, ring.size);
  if (begin >= ring.size) return;
  double* sums = reinterpret_cast<double*>(scratch);
  int thread = static_cast<int>(threadIdx.x);
  int columns = static_cast<int>(mpdp::least(ring.columns, kThreads)), rows = kThreads / columns;
  int lane = thread / columns, column = thread - lane * columns;
  for (int64_t first = 0; first < ring.columns; first += columns) {
    int64_t c = first + column;
    double sum = 0, square = 0;
    if (c < ring.columns && lane < rows) {
      double origin = ring.value(0, c);
#pragma unroll 4
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
    sums[c * ring.blocks + block] = sum;
    sums[(ring.columns + c) * ring.blocks + block] = square;
  }
}

MPDP_KERNEL(replay_moments_sum, 256) {
  using namespace mpdp::replay_moments;
  Ring ring(call);
  const double* sums = reinterpret_cast<const double*>(scratch);
  double rows = static_cast<double>(ring.size);
  int64_t c = static_cast<int64_t>(blockIdx.x) * kWarps + threadIdx.x / 32;
  if (c >= ring.columns) return;
  const double *of_values = sums + c * ring.blocks,
               *of_squares = of_values + ring.columns * ring.blocks;
  double sum = mpdp::warp_sum_of<double>(ring.blocks, [=](int64_t b) { return of_values[b]; });
  double square = mpdp::warp_sum_of<double>(ring.blocks, [=](int64_t b) { return of_squares[b]; });
  if (threadIdx.x % 32 != 0) return;
  double mean = sum / rows, variance = square / rows - mean * mean;
  double deviation = sqrt(variance < 0 ? 0.0 : variance), centre = ring.value(0, c) + mean;
  if (deviation < 1e-6) deviation = 1.0;
  if (c < ring.inputs) {
    call.out(kInputMean)[c] = static_cast<float>(centre);             // (inputs)
    call.out(kInputInvStd)[c] = static_cast<float>(1.0 / deviation);  // (inputs)
  } else {
    int64_t change = c - ring.inputs - 1, output = change < 0 ? ring.states : change;
    call.out(kOutputMean)[output] = static_cast<float>(centre);      // (states + 1)
    call.out(kOutputScale)[output] = static_cast<float>(deviation);  // (states + 1)
  }
}
