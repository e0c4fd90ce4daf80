// Wrong on purpose: a barrier is missing between writing and reading the tile.
#include "common.cuh"

MPDP_KERNEL(copy, 256) {
  __shared__ float tile[256];
  int64_t i = mpdp::first_item();
  unsigned other = blockDim.x - 1 - threadIdx.x;
  int64_t j = i - threadIdx.x + other;
  if (j < call.size(0)) tile[other] = call.in(0)[j];
  if (i < call.size(0)) call.out(1)[i] = tile[threadIdx.x];
}
