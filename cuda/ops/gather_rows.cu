// out[i] = in[index[i]], or out[index[i]] = in[i] when scatter; see mpdp.backend.op.GatherRows. A
// thread per element: neighbours share a row, so its words move together.
#include "rows.cuh"

namespace mpdp::gather_rows {
using namespace operands::gather_rows;

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t width = call.size(kWidth), present = call.present(call.size(kRows), kCount);
  bool scatter = call.flag(kScatter);
  const float* in = call.in(kIn);            // (rows, width)
  const int32_t* index = call.ints(kIndex);  // (rows)
  float* out = call.out(kOut);               // (rows, width)
  for (int64_t i : share.elements(present, width)) {
    Place at = place_of(i, width);
    int64_t other = index[at.row] * width + at.column;
    out[scatter ? other : i] = in[scatter ? i : other];
  }
}

}  // namespace mpdp::gather_rows

MPDP_KERNEL(gather_rows, 256) { mpdp::gather_rows::run(call, mpdp::GridShare()); }
