// out[i] = in[index[i]], or out[index[i]] = in[i] when scatter; see mpdp.backend.op.GatherRows. A
// thread per element: neighbours share a row, so its words move together.
#include "rows.cuh"

namespace mpdp::gather_rows {

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t width = call.size(1), present = call.present(call.size(0), 2);
  bool scatter = call.flag(2);
  const float* in = call.in(0);         // (rows, width)
  const int32_t* index = call.ints(1);  // (rows)
  float* out = call.out(3);             // (rows, width)
  for (int64_t i : share.elements(present, width)) {
    Place at = place_of(i, width);
    int64_t other = index[at.row] * width + at.column;
    out[scatter ? other : i] = in[scatter ? i : other];
  }
}

}  // namespace mpdp::gather_rows

MPDP_KERNEL(gather_rows, 256) { mpdp::gather_rows::run(call, mpdp::GridShare()); }
