// Adds the mean of the present values to a running sum; see mpdp.backend.op.Metric. One block: a
// few hundred values are one round, and a second launch would cost more than it saves.
#include "math.cuh"
#include "sum.cuh"

MPDP_KERNEL(metric, 256) {
  using namespace mpdp::operands::metric;
  int64_t present = call.present(call.size(kRows), kCount);
  if (present == 0) return;
  const float* values = call.in(kValues);  // (rows)
  float* slot = call.out(kSlot);           // (2): sum, runs
  double sum = mpdp::block_sum_of<256>(present, [=](int64_t row) { return values[row]; });
  auto mean = static_cast<float>(sum / static_cast<double>(present));
  if (threadIdx.x != 0 || !(fabsf(mean) < mpdp::kInfinity)) return;
  slot[0] += mean;
  slot[1] += 1.0f;
}
