// Fits a plan to the best of its samples; see mpdp.backend.op.SequenceRefit. A row's rank is the
// number of rows that beat it: rows^2 comparisons, that need no sort and no order between threads.
// Every phase has a warp where it would have a loop: several warps share a row's particles, a warp
// counts one row's betters, a warp sums one action of the plan over the elites. Each block of the
// fit makes its own copy of the elites' weights, which are few.
#include "math.cuh"
#include "sum.cuh"

namespace mpdp::sequence_refit {
using namespace operands::sequence_refit;
constexpr int kThreads = 256, kWarps = kThreads / 32;
}  // namespace mpdp::sequence_refit

// A block takes 32 rows: a lane is a row, and the warps share the particles.
MPDP_KERNEL(sequence_refit_score, 256) {
  using namespace mpdp::sequence_refit;
  __shared__ double parts[kWarps][32];
  int warp = static_cast<int>(threadIdx.x) / 32, lane = static_cast<int>(threadIdx.x) % 32;
  int64_t rows = call.size(kRows), particles = call.size(kParticles),
          row = 32 * int64_t{blockIdx.x} + lane;
  const float* objective = call.in(kObjective);  // (particles, rows)
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
  call.out(kScore)[row] = fabsf(mean) < mpdp::kInfinity ? mean : -mpdp::kInfinity;  // (rows)
}

MPDP_KERNEL(sequence_refit_rank, 256) {
  using namespace mpdp::sequence_refit;
  int rows = static_cast<int>(call.size(kRows));
  int row = static_cast<int>(blockIdx.x) * kWarps + static_cast<int>(threadIdx.x) / 32;
  if (row >= rows) return;
  const float* score = call.in(kScore);  // (rows)
  float mine = score[row];
  int rank = mpdp::warp_sum_of<int>(rows, [=](int64_t i) {
    float other = score[i];
    return other > mine || (other == mine && i < row);  // the earlier wins on ties
  });
  if (threadIdx.x % 32 == 0 && rank < call.size(kElites))
    call.int_out(kElite)[rank] = row;  // (elites)
}

MPDP_KERNEL(sequence_refit, 256) {
  using namespace mpdp::sequence_refit;
  MPDP_DYNAMIC_SHARED(float, weight);  // (elites)
  int64_t rows = call.size(kRows), actions = call.size(kActions),
          values = call.size(kSteps) * actions;
  int64_t elites = call.size(kElites);
  const float* score = call.in(kScore);      // (rows)
  const int32_t* elite = call.ints(kElite);  // (elites), best first
  float best = score[elite[0]];
  if (best == -mpdp::kInfinity) return;
  double total = mpdp::block_sum_of<kThreads>(elites, [=](int64_t k) {
    float value = score[elite[k]];
    weight[k] = value == -mpdp::kInfinity ? 0.0f : expf(call.number(kSharpness) * (value - best));
    return weight[k];
  });
  int64_t at = static_cast<int64_t>(blockIdx.x) * kWarps + threadIdx.x / 32;
  if (at >= values) return;
  int64_t step = at / actions;
  const float* action =
      call.in(kSequence) + step * rows * actions + at % actions;  // (steps, rows, actions)
  float share = static_cast<float>(1.0 / total);
  auto fit = mpdp::warp_sum_of<float>(
      elites, [=](int64_t k) { return weight[k] * share * action[elite[k] * actions]; });
  auto variance = mpdp::warp_sum_of<float>(elites, [=](int64_t k) {
    return weight[k] * share * mpdp::square(action[elite[k] * actions] - fit);
  });
  if (threadIdx.x % 32 != 0) return;
  float *mean = call.out(kMean) + at, *deviation = call.out(kDeviation) + at;  // (steps, actions)
  float momentum = call.number(kMomentum);
  float spread = momentum * *deviation + (1.0f - momentum) * sqrtf(variance);
  *mean = momentum * *mean + (1.0f - momentum) * fit;
  *deviation = mpdp::clamp_to(spread, call.number(kMinDeviation), call.number(kMaxDeviation));
}
