// Adds the mean of the present values to a running sum; see mpdp.backend.op.Metric.
//   values (rows)    slot: sum, runs
#include "mpdp/kernel.h"
#include "mpdp/math.h"
#include "mpdp/sum.h"

namespace mpdp::MPDP_ISA {
using namespace operands::metric;

void metric(const Call& call, Team& team) {
  int64_t present = call.present(call.size(kRows), kCount);
  if (team.rank() != 0 || present == 0) return;
  const float* values = call.in(kValues);
  double sum = sum_of(present, [=](int64_t row) { return static_cast<double>(values[row]); });
  auto mean = static_cast<float>(sum / static_cast<double>(present));
  if (!(absolute(mean) < kInfinity)) return;
  call.out(kSlot)[0] += mean;
  call.out(kSlot)[1] += 1.0f;
}

}  // namespace mpdp::MPDP_ISA
