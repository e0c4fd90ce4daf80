// Sums of a warp and of a whole block in a fixed order: the same bits in every run.
#pragma once
#include "common.cuh"

namespace mpdp {

// The sum of the values of a warp's lanes. All 32 call it, and all get the same bits.
template <typename T>
MPDP_DEVICE T warp_sum(T value) {
  for (int step = 16; step > 0; step /= 2) value += __shfl_xor_sync(~0u, value, step);
  return value;
}

// The sum of term(i) for i in [0, n) over a warp's lanes.
template <typename T, typename Term>
MPDP_DEVICE T warp_sum_of(int64_t n, Term term) {
  T sum = 0;
#pragma unroll 4
  for (int64_t i = threadIdx.x % 32; i < n; i += 32) sum += static_cast<T>(term(i));
  return warp_sum(sum);
}

// The sum of every thread's value in double. All kThreads threads call it, and all get the sum.
template <int kThreads>
MPDP_DEVICE double block_sum(double value) {
  __shared__ double warps[kThreads / 32];
  value = warp_sum(value);
  __syncthreads();  // the sum before this one has been read
  if (threadIdx.x % 32 == 0) warps[threadIdx.x / 32] = value;
  __syncthreads();
  double total = 0;
  for (int w = 0; w < kThreads / 32; w++) total += warps[w];
  return total;
}

// The sum of term(i) for i in [0, n) over the block's threads.
template <int kThreads, typename Term>
MPDP_DEVICE double block_sum_of(int64_t n, Term term) {
  double sum = 0;
  for (int64_t i = threadIdx.x; i < n; i += kThreads) sum += static_cast<double>(term(i));
  return block_sum<kThreads>(sum);
}

}  // namespace mpdp
