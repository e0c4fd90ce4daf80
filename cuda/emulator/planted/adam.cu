// Wrong on purpose: the threads of a block wait at different barriers.
#include "common.cuh"

MPDP_KERNEL(adam, 256) {
  using namespace mpdp::operands::adam;
  if (threadIdx.x < 100) {
    __syncthreads();
  } else {
    __syncthreads();
    call.out(kParameters)[0] = 0.0f;
  }
}
