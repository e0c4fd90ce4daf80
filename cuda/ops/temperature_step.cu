// One Adam step on log alpha; see mpdp.backend.op.TemperatureStep. One block sums, one of its
// threads steps, in double.
#include "sum.cuh"

namespace mpdp::temperature_step {
using namespace operands::temperature_step;

MPDP_DEVICE void step(double mean, const Call& call) {
  float* state = call.out(kState);  // (5): alpha, log alpha, first moment, second moment, steps
  double gradient = -(mean + call.precise(kTargetEntropy));
  double first = 0.9 * state[2] + 0.1 * gradient;
  double second = 0.999 * state[3] + 0.001 * gradient * gradient;
  double steps = state[4] + 1.0;
  double corrected = first / (1.0 - pow(0.9, steps));
  double size = sqrt(second / (1.0 - pow(0.999, steps))) + 1e-8;
  double log_alpha = state[1] - call.precise(kLearningRate) * corrected / size;
  state[0] = static_cast<float>(exp(log_alpha));
  state[1] = static_cast<float>(log_alpha);
  state[2] = static_cast<float>(first);
  state[3] = static_cast<float>(second);
  state[4] = static_cast<float>(steps);
}

}  // namespace mpdp::temperature_step

MPDP_KERNEL(temperature_step, 256) {
  using namespace mpdp::operands::temperature_step;
  int64_t present = call.present(call.size(kRows), kCount);
  if (present == 0) return;
  const float* log_prob = call.in(kLogProb);  // (rows)
  double sum = mpdp::block_sum_of<256>(present, [=](int64_t row) { return log_prob[row]; });
  double mean = sum / static_cast<double>(present);
  bool finite = mean - mean == 0.0;
  if (threadIdx.x == 0 && finite) mpdp::temperature_step::step(mean, call);
}
