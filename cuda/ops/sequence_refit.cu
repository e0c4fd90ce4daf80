// Fits a plan to the best of its samples; see mpdp.backend.op.SequenceRefit. A row's rank is the
// number of rows that beat it: rows^2 comparisons out of shared memory, that need no sort and no
// order between threads. Then a thread fits one action of the plan; each block makes its own copy
// of the elites' weights, which are few.
#include "math.cuh"
#include "sum.cuh"

MPDP_KERNEL(sequence_refit_score, 256) {
  int64_t rows = call.size(0), particles = call.size(1);
  const float* objective = call.in(0);  // (particles, rows)
  float* score = call.out(4);           // (rows)
  for (int64_t row = mpdp::first_item(); row < rows; row += mpdp::item_stride()) {
    double sum = 0;
    for (int64_t p = 0; p < particles; p++) sum += objective[p * rows + row];
    auto mean = static_cast<float>(sum / static_cast<double>(particles));
    score[row] = fabsf(mean) < mpdp::kInfinity ? mean : -mpdp::kInfinity;
  }
}

MPDP_KERNEL(sequence_refit_rank, 256) {
  constexpr int kThreads = 256;
  __shared__ float others[kThreads];
  int rows = static_cast<int>(call.size(0)), thread = static_cast<int>(threadIdx.x);
  int row = static_cast<int>(blockIdx.x) * kThreads + thread, rank = 0;
  const float* score = call.in(4);  // (rows)
  float mine = row < rows ? score[row] : 0.0f;
  for (int first = 0; first < rows; first += kThreads) {
    int n = rows - first < kThreads ? rows - first : kThreads;
    __syncthreads();  // the scores before these have been compared
    if (thread < n) others[thread] = score[first + thread];
    __syncthreads();
    for (int i = 0; i < n; i++) {
      bool earlier = first + i < row;  // which wins on ties
      rank += others[i] > mine || (earlier && others[i] == mine) ? 1 : 0;
    }
  }
  if (row < rows && rank < call.size(4)) call.int_out(5)[rank] = row;  // elite (elites)
}

MPDP_KERNEL(sequence_refit, 128) {
  constexpr int kThreads = 128;
  MPDP_DYNAMIC_SHARED(float, weight);  // (elites)
  int64_t rows = call.size(0), actions = call.size(3), values = call.size(2) * actions;
  int elites = static_cast<int>(call.size(4));
  const float* score = call.in(4);      // (rows)
  const int32_t* elite = call.ints(5);  // (elites), best first
  float best = score[elite[0]];
  if (best == -mpdp::kInfinity) return;
  double total = mpdp::block_sum_of<kThreads>(elites, [=](int64_t k) {
    float value = score[elite[k]];
    weight[k] = value == -mpdp::kInfinity ? 0.0f : expf(call.number(0) * (value - best));
    return weight[k];
  });
  int64_t at = mpdp::first_item();
  if (at >= values) return;
  int64_t step = at / actions;
  const float* action =
      call.in(1) + step * rows * actions + at % actions;  // (steps, rows, actions)
  float fit = 0.0f, variance = 0.0f, share = static_cast<float>(1.0 / total);
  for (int k = 0; k < elites; k++) fit += weight[k] * share * action[elite[k] * actions];
  for (int k = 0; k < elites; k++) {
    variance += weight[k] * share * mpdp::square(action[elite[k] * actions] - fit);
  }
  float *mean = call.out(2) + at, *deviation = call.out(3) + at;  // (steps, actions)
  float momentum = call.number(1);
  float spread = momentum * *deviation + (1.0f - momentum) * sqrtf(variance);
  *mean = momentum * *mean + (1.0f - momentum) * fit;
  *deviation = mpdp::clamp_to(spread, call.number(2), call.number(3));
}
