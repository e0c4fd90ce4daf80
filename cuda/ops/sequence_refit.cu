// Fits a plan to the best of its samples; see mpdp.backend.op.SequenceRefit. A row's rank is the
// number of rows that beat it: rows^2 comparisons, that need no sort and no order between threads.
// Every phase has a warp where it would have a loop: several warps share a row's particles, a warp
// counts one row's betters, a warp sums one action of the plan over the elites. Each block of the
// fit makes its own copy of the elites' weights, which are few.
#include "math.cuh"
#include "sum.cuh"

namespace mpdp::sequence_refit {
constexpr int kThreads = 256, kWarps = kThreads / 32;
}

// A block takes 32 rows: a lane is a row, and the warps share the particles.
MPDP_KERNEL(sequence_refit_score, 256) {
  using namespace mpdp::sequence_refit;
  __shared__ double parts[kWarps][32];
  int warp = static_cast<int>(threadIdx.x) / 32, lane = static_cast<int>(threadIdx.x) % 32;
  int64_t rows = call.size(0), particles = call.size(1), row = 32 * int64_t{blockIdx.x} + lane;
  const float* objective = call.in(0);  // (particles, rows)
  double sum = 0;
#pragma unroll 4
  for (int64_t p = warp; row < rows && p < particles; p += kWarps) {
    sum += static_cast<double>(objective[p * rows + row]);
  }
  parts[warp][lane] = sum;
  __syncthreads();
  if (warp != 0 || row >= rows) return;
  for (int w = 1; w < kWarps; w++) sum += parts[w][lane];
  auto mean = static_cast<float>(sum / static_cast<double>(particles));
  call.out(4)[row] = fabsf(mean) < mpdp::kInfinity ? mean : -mpdp::kInfinity;  // score (rows)
}

MPDP_KERNEL(sequence_refit_rank, 256) {
  using namespace mpdp::sequence_refit;
  int rows = static_cast<int>(call.size(0));
  int row = static_cast<int>(blockIdx.x) * kWarps + static_cast<int>(threadIdx.x) / 32;
  if (row >= rows) return;
  const float* score = call.in(4);  // (rows)
  float mine = score[row];
  int rank = mpdp::warp_sum_of<int>(rows, [=](int64_t i) {
    float other = score[i];
    return other > mine || (other == mine && i < row);  // the earlier wins on ties
  });
  if (threadIdx.x % 32 == 0 && rank < call.size(4)) call.int_out(5)[rank] = row;  // elite (elites)
}

MPDP_KERNEL(sequence_refit, 256) {
  using namespace mpdp::sequence_refit;
  MPDP_DYNAMIC_SHARED(float, weight);  // (elites)
  int64_t rows = call.size(0), actions = call.size(3), values = call.size(2) * actions;
  int64_t elites = call.size(4);
  const float* score = call.in(4);      // (rows)
  const int32_t* elite = call.ints(5);  // (elites), best first
  float best = score[elite[0]];
  if (best == -mpdp::kInfinity) return;
  double total = mpdp::block_sum_of<kThreads>(elites, [=](int64_t k) {
    float value = score[elite[k]];
    weight[k] = value == -mpdp::kInfinity ? 0.0f : expf(call.number(0) * (value - best));
    return weight[k];
  });
  int64_t at = static_cast<int64_t>(blockIdx.x) * kWarps + threadIdx.x / 32;
  if (at >= values) return;
  int64_t step = at / actions;
  const float* action =
      call.in(1) + step * rows * actions + at % actions;  // (steps, rows, actions)
  float share = static_cast<float>(1.0 / total);
  auto fit = mpdp::warp_sum_of<float>(
      elites, [=](int64_t k) { return weight[k] * share * action[elite[k] * actions]; });
  auto variance = mpdp::warp_sum_of<float>(elites, [=](int64_t k) {
    return weight[k] * share * mpdp::square(action[elite[k] * actions] - fit);
  });
  if (threadIdx.x % 32 != 0) return;
  float *mean = call.out(2) + at, *deviation = call.out(3) + at;  // (steps, actions)
  float momentum = call.number(1);
  float spread = momentum * *deviation + (1.0f - momentum) * sqrtf(variance);
  *mean = momentum * *mean + (1.0f - momentum) * fit;
  *deviation = mpdp::clamp_to(spread, call.number(2), call.number(3));
}
