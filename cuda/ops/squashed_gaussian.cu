// Tanh-squashed Gaussian policy head; see mpdp.backend.op.SquashedGaussian. A thread per element of
// action, whole rows in a block because the log-probability sums over a row. 20 bytes an element;
// a draw costs about 100 integer and 60 floating-point operations.
#include "philox.cuh"
#include "rows.cuh"

namespace mpdp::squashed_gaussian {
using namespace operands::squashed_gaussian;

constexpr float kLogTwo = 0.69314718056f, kHalfLogTwoPi = 0.91893853320f;

struct Squashed {
  float action, log_prob;
};
MPDP_DEVICE Squashed squash(float mean, float raw, float eps) {
  float log_std = clamp_to(raw, -20.0f, 2.0f);
  float p = mean + expf(log_std) * eps;
  float correction = 2.0f * (kLogTwo - p - softplus_slope(-2.0f * p).value);
  return {tanhf(p), -0.5f * eps * eps - log_std - kHalfLogTwoPi - correction};
}

// `terms` is shared: (kThreads).
template <int kThreads>
MPDP_DEVICE void run(const Call& call, const BlockShare& share, float* terms) {
  int64_t actions = call.size(kActions), present = call.present(call.size(kRows), kCount);
  const float* head = call.in(kHead);      // (rows, 2A): mean, raw log-std
  const int32_t* root = call.ints(kRoot);  // (rows) or null: row i is root i
  float* action = call.out(kAction);       // (rows, A)
  float* log_prob = call.out(kLogProb);    // (rows) or null
  float* eps = call.out(kEps);             // (rows, A)
  bool deterministic = call.flag(kDeterministic);
  RandomState random(call.ints(kRandom));
  RowPack<kThreads> at(actions, share, present);
  float sum = 0.0f;
  int64_t drawn = (root && at.active ? root[at.row] : at.row) * actions;
  for (int64_t j = at.column; at.active && j < actions; j += at.step) {
    int64_t element = at.row * actions + j;
    float normal = deterministic ? 0.0f : draw_normal(random, call.size(kSite), drawn + j);
    const float* mean = head + at.row * 2 * actions + j;
    Squashed squashed = squash(mean[0], mean[actions], normal);
    eps[element] = normal;
    action[element] = squashed.action;
    sum += squashed.log_prob;
  }
  if (!log_prob) return;  // all threads, or none
  double total = at.sum(terms, sum);
  if (at.active && at.column == 0) log_prob[at.row] = static_cast<float>(total);
}

}  // namespace mpdp::squashed_gaussian

MPDP_KERNEL(squashed_gaussian, 128) {
  using namespace mpdp::operands::squashed_gaussian;
  __shared__ float terms[128];
  mpdp::squashed_gaussian::run<128>(call, mpdp::BlockShare(call.size(kRows)), terms);
}
