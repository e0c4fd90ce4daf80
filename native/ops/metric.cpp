// Adds the mean of the present values to a running sum; see mpdp.backend.op.Metric.
//   values (rows)    slot: sum, runs
#include "mpdp/kernel.h"
#include "mpdp/math.h"
#include "mpdp/sum.h"

namespace mpdp::MPDP_ISA {

void metric(const Call& call, Team& team) {
  int64_t present = call.present(call.size(0), 1);
  if (team.rank() != 0 || present == 0) return;
  const float* values = call.in(0);
  double sum = sum_of(present, [=](int64_t row) { return static_cast<double>(values[row]); });
  auto mean = static_cast<float>(sum / static_cast<double>(present));
  if (!(absolute(mean) < kInfinity)) return;
  call.out(2)[0] += mean;
  call.out(2)[1] += 1.0f;
}

}  // namespace mpdp::MPDP_ISA
