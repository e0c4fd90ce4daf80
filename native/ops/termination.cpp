// Whether predicted states are terminal; see mpdp.backend.op.Termination.
//   next (rows, states)    low, high (states)    done (rows)
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {
using namespace operands::termination;

void termination(const Call& call, Team& team) {
  int64_t rows = call.size(kRows), states = call.size(kStates);
  bool inclusive = call.flag(kInclusive);
  const float *low = call.in(kLow), *high = call.in(kHigh);
  int64_t begin, end;
  team.share(call.present(rows, kCount), 16, &begin, &end);
  for (int64_t row = begin; row < end; row++) {
    const float* next = call.in(kNext) + row * states;
    int32_t outside = 0;  // a NaN fails every comparison, hence is outside
    for (int64_t d = 0; d < states; d++) {
      bool strictly = next[d] > low[d] && next[d] < high[d];
      bool weakly = next[d] >= low[d] && next[d] <= high[d];
      outside |= (inclusive ? weakly : strictly) ? 0 : 1;
    }
    call.out(kDone)[row] = outside ? 1.0f : 0.0f;
  }
}

}  // namespace mpdp::MPDP_ISA
