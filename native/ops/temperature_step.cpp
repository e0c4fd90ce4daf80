// One Adam step on log alpha; see mpdp.backend.op.TemperatureStep. One thread does it, in double.
//   logProb (rows)    state: alpha, log alpha, first moment, second moment, steps
#include "mpdp/kernel.h"
#include "mpdp/sum.h"

namespace mpdp::MPDP_ISA {
using namespace operands::temperature_step;

void temperature_step(const Call& call, Team& team) {
  int64_t present = call.present(call.size(kRows), kCount);
  if (team.rank() != 0 || present == 0) return;
  const float* log_prob = call.in(kLogProb);
  float* state = call.out(kState);
  double sum = sum_of(present, [=](int64_t row) { return static_cast<double>(log_prob[row]); });
  double mean = sum / static_cast<double>(present);
  if (!(__builtin_fabs(mean) < __builtin_inf())) return;
  double gradient = -(mean + call.precise(kTargetEntropy));
  double first = 0.9 * state[2] + 0.1 * gradient;
  double second = 0.999 * state[3] + 0.001 * gradient * gradient;
  double steps = state[4] + 1.0;
  double corrected = first / (1.0 - __builtin_pow(0.9, steps));
  double size = __builtin_sqrt(second / (1.0 - __builtin_pow(0.999, steps))) + 1e-8;
  double log_alpha = state[1] - call.precise(kLearningRate) * corrected / size;
  state[0] = static_cast<float>(__builtin_exp(log_alpha));
  state[1] = static_cast<float>(log_alpha);
  state[2] = static_cast<float>(first);
  state[3] = static_cast<float>(second);
  state[4] = static_cast<float>(steps);
}

}  // namespace mpdp::MPDP_ISA
