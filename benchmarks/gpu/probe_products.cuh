// Rates of matrix products: of single warps, and of groups of four.
#pragma once
#include "operand.cuh"
#include "probe.cuh"

// With few warps a multiprocessor and few independent sums a warp.
template <bool kBf16, int kSums>
__global__ void warp_products(float* out, int turns) {
  float d[kSums][4] = {};
  uint32_t a[4], b[2];
  for (int i = 0; i < 4; i++) a[i] = operand<kBf16>(i);
  for (int i = 0; i < 2; i++) b[i] = operand<kBf16>(4 + i);
  for (int turn = 0; turn < turns; turn++) {
#pragma unroll
    for (int i = 0; i < kSums; i++) {
      if (kBf16) {
        asm volatile(
            "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, "
            "{%8,%9}, {%0,%1,%2,%3};"
            : "+f"(d[i][0]), "+f"(d[i][1]), "+f"(d[i][2]), "+f"(d[i][3])
            : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
      } else {
        asm volatile(
            "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, "
            "{%8,%9}, {%0,%1,%2,%3};"
            : "+f"(d[i][0]), "+f"(d[i][1]), "+f"(d[i][2]), "+f"(d[i][3])
            : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
      }
    }
  }
  float sum = 0;
  for (int i = 0; i < kSums; i++) sum += d[i][0] + d[i][1] + d[i][2] + d[i][3];
  out[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

template <bool kBf16, int kSums>
void products(int warps, float* memory) {
  const int turns = 4096;
  float millis = fastest([&] {
    warp_products<kBf16, kSums><<<multiprocessors, 32 * warps, 0, stream>>>(memory, turns);
  });
  CHECK(cudaGetLastError());
  double flops = double(multiprocessors) * warps * kSums * turns * 16 * 8 * (kBf16 ? 16 : 8) * 2;
  printf(
      "{\"probe\": \"mma_sync\", \"kind\": \"%s\", \"warps\": %d, \"sums\": %d, \"tflops\": "
      "%.0f}\n",
      kBf16 ? "bf16" : "tf32", warps, kSums, flops / millis * 1e-9);
}

// Both operands in shared memory, without a swizzle: the rate is meant, not the result.
__global__ void __launch_bounds__(kThreads, 1) group_products(float* out, int turns) {
  extern __shared__ __align__(128) uint32_t words[];
  for (int i = threadIdx.x; i < 8192; i += blockDim.x) words[i] = operand<false>(i);
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
  __syncthreads();
  float d[32] = {};
  unsigned base = __cvta_generic_to_shared(words);
  uint64_t strides = uint64_t(128 >> 4) << 16 | uint64_t(256 >> 4) << 32;
  uint64_t a = (base + threadIdx.x / 128 * 4096) >> 4 & 0x3fff | strides,
           b = (base + 16384) >> 4 & 0x3fff | strides;
  for (int turn = 0; turn < turns; turn++) {
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
#pragma unroll
    for (int i = 0; i < 4; i++) {
      asm volatile(
          "wgmma.mma_async.sync.aligned.m64n64k8.f32.tf32.tf32 "
          "{%0,%1,%2,%3,%4,%5,%6,%7,%8,%9,%10,%11,%12,%13,%14,%15,"
          "%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31}, %32, %33, 1, 1, 1;"
          : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]), "+f"(d[4]), "+f"(d[5]), "+f"(d[6]),
            "+f"(d[7]), "+f"(d[8]), "+f"(d[9]), "+f"(d[10]), "+f"(d[11]), "+f"(d[12]), "+f"(d[13]),
            "+f"(d[14]), "+f"(d[15]), "+f"(d[16]), "+f"(d[17]), "+f"(d[18]), "+f"(d[19]),
            "+f"(d[20]), "+f"(d[21]), "+f"(d[22]), "+f"(d[23]), "+f"(d[24]), "+f"(d[25]),
            "+f"(d[26]), "+f"(d[27]), "+f"(d[28]), "+f"(d[29]), "+f"(d[30]), "+f"(d[31])
          : "l"(a), "l"(b));
    }
    asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
    asm volatile("wgmma.wait_group.sync.aligned 0;" ::: "memory");
  }
  float sum = 0;
#pragma unroll
  for (int i = 0; i < 32; i++) sum += d[i];
  out[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

void groups(float* memory) {
  const int bytes = 64 * 1024, turns = 2048;
  CHECK(cudaFuncSetAttribute(group_products, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes));
  for (int count : {1, 2}) {
    float millis = fastest(
        [&] { group_products<<<multiprocessors, 128 * count, bytes, stream>>>(memory, turns); });
    CHECK(cudaGetLastError());
    double flops = double(multiprocessors) * count * turns * 4 * 64 * 64 * 8 * 2;
    printf("{\"probe\": \"wgmma_tf32_m64n64k8\", \"warpgroups\": %d, \"tflops\": %.0f}\n", count,
           flops / millis * 1e-9);
  }
}
