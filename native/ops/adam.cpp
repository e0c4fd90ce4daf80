// Adam with L2 decay and bias correction; reads what gradient_clip left. One pass, 28 bytes a word.
#include <cmath>

#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {
using namespace operands::adam;
namespace {

struct Step {
  float scale, decay, beta1, beta2, rate, root, epsilon;
};

void update(const Step s, const float* __restrict gradients, float* __restrict parameters,
            float* __restrict first, float* __restrict second, int64_t words) {
  for (int64_t i = 0; i < words; i++) {
    float gradient = s.scale * gradients[i] + s.decay * parameters[i];
    first[i] = s.beta1 * first[i] + (1.0f - s.beta1) * gradient;
    second[i] = s.beta2 * second[i] + (1.0f - s.beta2) * (gradient * gradient);
    parameters[i] -= s.rate * first[i] / (__builtin_sqrtf(second[i]) * s.root + s.epsilon);
  }
}

}  // namespace
}  // namespace mpdp::MPDP_ISA

void MPDP_OP(adam)(const Call& call, Team& team) {
  const float* gradients = call.in(kGradients);  // (words)
  const float* clip = call.in(kClip);            // (scale, skip, steps, norm, skipped)
  float* parameters = call.out(kParameters);     // (words)
  float* first = call.out(kFirst);               // (words)
  float* second = call.out(kSecond);             // (words)
  if (clip[1] != 0.0f) return;
  double beta1 = call.precise(kBeta1), beta2 = call.precise(kBeta2), steps = clip[2];
  // p -= rate (m / c1) / (sqrt(v / c2) + epsilon), with c1 and c2 moved out of the loop.
  double correction1 = 1.0 - std::pow(beta1, steps), correction2 = 1.0 - std::pow(beta2, steps);
  Step step = {clip[0],
               call.number(kDecay),
               call.number(kBeta1),
               call.number(kBeta2),
               static_cast<float>(call.precise(kLearningRate) / correction1),
               static_cast<float>(1.0 / std::sqrt(correction2)),
               call.number(kEpsilon)};
  int64_t begin, end;
  team.share(call.size(kWords), 64, &begin, &end);
  update(step, gradients + begin, parameters + begin, first + begin, second + begin, end - begin);
}
