// out[i] = in[index[i]], or out[index[i]] = in[i] when scatter; see mpdp.backend.op.GatherRows.
//   in, out (rows, width)    index (rows)
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {
using namespace operands::gather_rows;

void gather_rows(const Call& call, Team& team) {
  int64_t width = call.size(kWidth);
  bool scatter = call.flag(kScatter);
  const int32_t* index = call.ints(kIndex);
  int64_t begin, end;
  team.share(call.present(call.size(kRows), kCount), 16, &begin, &end);
  for (int64_t row = begin; row < end; row++) {
    int64_t other = index[row];
    const float* __restrict from = call.in(kIn) + (scatter ? row : other) * width;
    float* __restrict to = call.out(kOut) + (scatter ? other : row) * width;
    for (int64_t d = 0; d < width; d++) to[d] = from[d];
  }
}

}  // namespace mpdp::MPDP_ISA
