// out[i] = in[index[i]], or out[index[i]] = in[i] when scatter; see mpdp.backend.op.GatherRows.
//   in, out (rows, width)    index (rows)
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {

void gather_rows(const Call& call, Team& team) {
  int64_t width = call.size(1);
  bool scatter = call.flag(2);
  const int32_t* index = call.ints(1);
  int64_t begin, end;
  team.share(call.present(call.size(0), 2), 16, &begin, &end);
  for (int64_t row = begin; row < end; row++) {
    int64_t other = index[row];
    const float* __restrict from = call.in(0) + (scatter ? row : other) * width;
    float* __restrict to = call.out(3) + (scatter ? other : row) * width;
    for (int64_t d = 0; d < width; d++) to[d] = from[d];
  }
}

}  // namespace mpdp::MPDP_ISA
