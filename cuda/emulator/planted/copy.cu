// Wrong on purpose: a barrier is missing between writing and reading the tile.
#include "common.cuh"

MPDP_KERNEL(copy, 256) {
  using namespace mpdp::operands::copy;
  __shared__ float tile[256];
  int64_t i = mpdp::first_item();
  unsigned other = blockDim.x - 1 - threadIdx.x;
  int64_t j = i - threadIdx.x + other;
  if (j < call.size(kWords)) tile[other] = call.in(kSource)[j];
  if (i < call.size(kWords)) call.out(kTarget)[i] = tile[threadIdx.x];
}
