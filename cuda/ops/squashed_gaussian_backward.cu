// Backward pass of squashed_gaussian with eps held fixed; see
// mpdp.backend.op.SquashedGaussianBackward.
// With a = tanh(p): d p = dAction (1 - a^2) + 2 a dLogProb, d ls = exp(ls) eps d p - dLogProb.
// A thread per element of action; 28 bytes an element.
#include "math.cuh"
#include "rows.cuh"

namespace mpdp::squashed_gaussian_backward {
using namespace operands::squashed_gaussian_backward;

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t actions = call.size(kActions), present = call.present(call.size(kRows), kCount);
  const float* head = call.in(kHead);            // (rows, 2A): mean, raw log-std
  const float* action = call.in(kAction);        // (rows, A)
  const float* eps = call.in(kEps);              // (rows, A)
  const float* d_action = call.in(kDAction);     // (rows, A)
  const float* d_log_prob = call.in(kDLogProb);  // (rows)
  float* d_head = call.out(kDHead);              // (rows, 2A)
  for (int64_t i : share.elements(present, actions)) {
    Place at = place_of(i, actions);
    int64_t mean = at.row * 2 * actions + at.column;
    float raw = head[mean + actions], a = action[i], by_log_prob = d_log_prob[at.row];
    float d_p = d_action[i] * (1.0f - a) * (1.0f + a) + 2.0f * a * by_log_prob;
    float d_log_std = d_p * expf(clamp_to(raw, -20.0f, 2.0f)) * eps[i] - by_log_prob;
    d_head[mean] = d_p;
    d_head[mean + actions] = raw < -20.0f || raw > 2.0f ? 0.0f : d_log_std;
  }
}

}  // namespace mpdp::squashed_gaussian_backward

MPDP_KERNEL(squashed_gaussian_backward, 256) {
  mpdp::squashed_gaussian_backward::run(call, mpdp::GridShare());
}
