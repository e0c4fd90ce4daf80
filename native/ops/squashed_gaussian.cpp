// Tanh-squashed Gaussian policy head; see mpdp.backend.op.SquashedGaussian.
//   head (rows, 2A): mean, raw log-std    action, eps (rows, A)    logProb (rows) or null
// About 60 flops per element; rows are packed into tiles because A is often 1 to 6.
#include "mpdp/kernel.h"
#include "mpdp/philox.h"
#include "mpdp/tile.h"

namespace mpdp::MPDP_ISA {
using namespace operands::squashed_gaussian;
namespace {

constexpr float kLogTwo = 0.69314718056f, kHalfLogTwoPi = 0.91893853320f;

void squash(int64_t n, const float* __restrict mean, const float* __restrict raw,
            const float* __restrict eps, float* __restrict action, float* __restrict term) {
  for (int64_t e = 0; e < n; e++) {
    float log_std = clamp(raw[e], -20.0f, 2.0f);
    float p = mean[e] + exp(log_std) * eps[e];
    action[e] = tanh(p);
    term[e] = -0.5f * eps[e] * eps[e] - log_std - kHalfLogTwoPi -
              2.0f * (kLogTwo - p - softplus(-2.0f * p));
  }
}

}  // namespace

void squashed_gaussian(const Call& call, Team& team) {
  int64_t rows = call.size(kRows), actions = call.size(kActions);
  const float* head = call.in(kHead);
  float *action = call.out(kAction), *log_prob = call.out(kLogProb), *eps = call.out(kEps);
  Tiling tiling(actions);
  auto* mean = static_cast<float*>(team.scratch(5 * tiling.stride * sizeof(float)));
  float *raw = mean + tiling.stride, *normal = raw + tiling.stride;
  float *squashed = normal + tiling.stride, *term = squashed + tiling.stride;

  int64_t begin, end;
  team.share(call.present(rows, kCount), tiling.rows, &begin, &end);
  float* mine = eps + begin * actions;
  if (call.flag(kDeterministic)) {
    for (int64_t i = 0; i < (end - begin) * actions; i++) mine[i] = 0.0f;
  } else {
    draw_row_normals(RandomState(call.ints(kRandom)), call.size(kSite), call.ints(kRoot), begin,
                     end - begin, actions, mine);
  }
  for (int64_t first = begin; first < end; first += tiling.rows) {
    int64_t count = least(tiling.rows, end - first);
    tiling.pack(head + first * 2 * actions, 2 * actions, count, mean);
    tiling.pack(head + first * 2 * actions + actions, 2 * actions, count, raw);
    tiling.pack(eps + first * actions, actions, count, normal);
    squash(padded(count * actions), mean, raw, normal, squashed, term);
    tiling.unpack(squashed, actions, count, false, action + first * actions);
    for (int64_t i = 0; log_prob && i < count; i++) {
      float sum = 0.0f;
      for (int64_t j = 0; j < actions; j++) sum += term[i * actions + j];
      log_prob[first + i] = sum;
    }
  }
}

}  // namespace mpdp::MPDP_ISA
