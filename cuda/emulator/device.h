// The part of CUDA C++ that kernels use, for a C++ compiler: common.cuh includes it in place of
// what nvcc knows by itself.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "block.h"

#define MPDP_DEVICE inline
// Not by its own name: libc has an `advance`.
#define MPDP_KERNEL(name, threads, ...)                                                \
  static void kernel_##name(const mpdp::Call& call, float* scratch);                   \
  static const emulator::Kernel listed_##name(                                         \
      #name, threads, sizeof(mpdp::Call), true, [](const void* call, float* scratch) { \
        kernel_##name(*static_cast<const mpdp::Call*>(call), scratch);                 \
      });                                                                              \
  static void kernel_##name([[maybe_unused]] const mpdp::Call& call,                   \
                            [[maybe_unused]] float* scratch)
#define MPDP_CHAIN_KERNEL(name, threads)                                                          \
  static void kernel_##name(const mpdp::Chain& chain);                                            \
  static const emulator::Kernel listed_##name(                                                    \
      #name, threads, sizeof(mpdp::Chain), false,                                                 \
      [](const void* chain, float*) { kernel_##name(*static_cast<const mpdp::Chain*>(chain)); }); \
  static void kernel_##name(const mpdp::Chain& chain)
#define MPDP_DYNAMIC_SHARED(type, name) \
  type* name = reinterpret_cast<type*>(emulator::position.dynamic)

#define __device__
#define __host__
#define __global__
#define __constant__ static const
#define __shared__ MPDP_SHARED
#define __forceinline__ inline
#define __noinline__ __attribute__((noinline))
#define __restrict__ __restrict
#define __align__(n) __attribute__((aligned(n)))
#define __launch_bounds__(...)

#define threadIdx (emulator::position.thread)
#define blockIdx (emulator::position.block)
#define blockDim (emulator::position.block_size)
#define gridDim (emulator::position.grid_size)
#define warpSize 32

#include "vectors.h"
#include "warp.h"
#include "arithmetic.h"
#include "matrix.h"
