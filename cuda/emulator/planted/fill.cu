// Wrong on purpose: writes one word behind the target.
#include "common.cuh"

MPDP_KERNEL(fill, 256) {
  using namespace mpdp::operands::fill;
  for (int64_t i = mpdp::first_item(); i <= call.size(kWords); i += mpdp::item_stride()) {
    call.out(kTarget)[i] = call.number(kValue);
  }
}
