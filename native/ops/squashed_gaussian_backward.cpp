// Backward pass of squashed_gaussian with eps held fixed; see
// mpdp.backend.op.SquashedGaussianBackward.
//   dAction (rows, A), dLogProb (rows) -> dHead (rows, 2A)
// With a = tanh(p): d p = dAction (1 - a^2) + 2 a dLogProb, d ls = exp(ls) eps d p - dLogProb.
#include "mpdp/kernel.h"
#include "mpdp/math.h"

namespace mpdp::MPDP_ISA {
using namespace operands::squashed_gaussian_backward;

void squashed_gaussian_backward(const Call& call, Team& team) {
  int64_t rows = call.size(kRows), actions = call.size(kActions);
  int64_t begin, end;
  team.share(call.present(rows, kCount), 16, &begin, &end);
  for (int64_t row = begin; row < end; row++) {
    const float* __restrict raw = call.in(kHead) + row * 2 * actions + actions;
    const float* __restrict action = call.in(kAction) + row * actions;
    const float* __restrict eps = call.in(kEps) + row * actions;
    const float* __restrict d_action = call.in(kDAction) + row * actions;
    float d_log_prob = call.in(kDLogProb)[row];
    float* __restrict d_mean = call.out(kDHead) + row * 2 * actions;
    float* __restrict d_raw = d_mean + actions;
    for (int64_t j = 0; j < actions; j++) {
      float a = action[j];
      float d_p = d_action[j] * (1.0f - a) * (1.0f + a) + 2.0f * a * d_log_prob;
      float d_log_std = d_p * exp(clamp(raw[j], -20.0f, 2.0f)) * eps[j] - d_log_prob;
      bool clamped = raw[j] < -20.0f || raw[j] > 2.0f;
      d_mean[j] = d_p;
      d_raw[j] = clamped ? 0.0f : d_log_std;
    }
  }
}

}  // namespace mpdp::MPDP_ISA
