// Wrong on purpose: writes one word behind the target.
#include "common.cuh"

MPDP_KERNEL(fill, 256) {
  for (int64_t i = mpdp::first_item(); i <= call.size(0); i += mpdp::item_stride()) {
    call.out(0)[i] = call.number(0);
  }
}
