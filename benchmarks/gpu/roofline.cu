// Measures what a GPU can do at most, for the figures of this folder to be held against: prints one
// JSON object. Best of several rounds; every result is looked at, so that nothing is compiled away.
//   nvcc -std=c++17 -O3 -arch=sm_80 -o roofline roofline.cu
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "operand.cuh"

#define CHECK(call)                                                                     \
  do {                                                                                  \
    cudaError_t result = call;                                                          \
    if (result != cudaSuccess) {                                                        \
      fprintf(stderr, "roofline: line %d: %s\n", __LINE__, cudaGetErrorString(result)); \
      exit(1);                                                                          \
    }                                                                                   \
  } while (0)

constexpr int kThreads = 256, kChains = 8, kTurns = 4096;

// Independent chains of multiply-adds on registers.
__global__ void fma_chains(float* out, float x) {
  float sums[kChains];
  for (int i = 0; i < kChains; i++) sums[i] = threadIdx.x + i;
  for (int turn = 0; turn < kTurns; turn++) {
#pragma unroll
    for (int i = 0; i < kChains; i++) sums[i] = fmaf(sums[i], x, 0.5f);
  }
  float sum = 0;
  for (int i = 0; i < kChains; i++) sum += sums[i];
  out[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

// Independent chains of warp-wide products on the tensor cores: 16 x 8 x 8 in TF32 or 16 x 8 x 16
// in bf16.
template <bool kBf16>
__global__ void tensor_chains(float* out) {
  float d[kChains][4] = {};
  uint32_t a[4], b[2];
  for (int i = 0; i < 4; i++) a[i] = operand<kBf16>(i);
  for (int i = 0; i < 2; i++) b[i] = operand<kBf16>(4 + i);
  for (int turn = 0; turn < kTurns / 4; turn++) {
#pragma unroll
    for (int i = 0; i < kChains; i++) {
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
  for (int i = 0; i < kChains; i++) sum += d[i][0] + d[i][1] + d[i][2] + d[i][3];
  out[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

__global__ void copy(float4* to, const float4* from, size_t count) {
  for (size_t i = blockIdx.x * size_t(blockDim.x) + threadIdx.x; i < count;
       i += gridDim.x * size_t(blockDim.x)) {
    to[i] = from[i];
  }
}

// Every block reads the whole buffer, which fits into the L2 cache, from a place of its own on:
// blocks that read the same lines at the same time would share what reaches their multiprocessor.
__global__ void read_all(float* out, const float4* from, int count) {
  float sum = 0;
  int start = int(blockIdx.x * size_t(count) / gridDim.x);
#pragma unroll 8
  for (int i = threadIdx.x; i < count; i += kThreads) {
    int at = start + i;
    float4 v = __ldcg(from + (at < count ? at : at - count));
    sum += v.x + v.y + v.z + v.w;
  }
  out[blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

__global__ void nothing(float* out) {
  if (out == nullptr) __trap();
}

cudaStream_t stream;

// Seconds of the fastest of 10 runs, after one that warms up.
double fastest(const std::function<void()>& run) {
  cudaEvent_t begin, end;
  CHECK(cudaEventCreate(&begin));
  CHECK(cudaEventCreate(&end));
  float best = 1e30f;
  for (int round = 0; round < 11; round++) {
    CHECK(cudaEventRecord(begin, stream));
    run();
    CHECK(cudaEventRecord(end, stream));
    CHECK(cudaEventSynchronize(end));
    CHECK(cudaGetLastError());
    float millis;
    CHECK(cudaEventElapsedTime(&millis, begin, end));
    if (round > 0 && millis < best) best = millis;
  }
  return best * 1e-3;
}

// Microseconds of one of `nodes` kernels that do nothing, in a graph that runs them in order.
double graph_node(float* memory, int nodes) {
  cudaGraph_t graph;
  cudaGraphExec_t ready;
  CHECK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
  for (int i = 0; i < nodes; i++) nothing<<<132, kThreads, 0, stream>>>(memory);
  CHECK(cudaStreamEndCapture(stream, &graph));
  CHECK(cudaGraphInstantiate(&ready, graph, 0));
  return fastest([&] { CHECK(cudaGraphLaunch(ready, stream)); }) / nodes * 1e6;
}

int main() {
  cudaDeviceProp device;
  CHECK(cudaGetDeviceProperties(&device, 0));
  CHECK(cudaStreamCreate(&stream));
  int blocks = 8 * device.multiProcessorCount;
  size_t bytes = size_t(1) << 30, cached = size_t(4) << 20;
  float *memory, *other;
  CHECK(cudaMalloc(&memory, bytes));
  CHECK(cudaMalloc(&other, bytes));
  CHECK(cudaMemset(memory, 1, bytes));
  double threads = double(blocks) * kThreads, warps = threads / 32;
  double fma = fastest([&] { fma_chains<<<blocks, kThreads, 0, stream>>>(memory, 0.5f); });
  double tf32 = fastest([&] { tensor_chains<false><<<blocks, kThreads, 0, stream>>>(memory); });
  double bf16 = fastest([&] { tensor_chains<true><<<blocks, kThreads, 0, stream>>>(memory); });
  double copied = fastest([&] {
    copy<<<blocks, kThreads, 0, stream>>>(reinterpret_cast<float4*>(other),
                                          reinterpret_cast<float4*>(memory), bytes / 16);
  });
  double cache = fastest([&] {
    read_all<<<blocks, kThreads, 0, stream>>>(other, reinterpret_cast<float4*>(memory),
                                              int(cached / 16));
  });
  printf("{\"device\": \"%s\", \"multiprocessors\": %d, \"l2_bytes\": %d, ", device.name,
         device.multiProcessorCount, device.l2CacheSize);
  printf("\"fma_tflops\": %.1f, ", threads * kChains * kTurns * 2 / fma * 1e-12);
  printf("\"tf32_mma_tflops\": %.1f, ",
         warps * kChains * (kTurns / 4) * (16 * 8 * 8 * 2.0) / tf32 * 1e-12);
  printf("\"bf16_mma_tflops\": %.1f, ",
         warps * kChains * (kTurns / 4) * (16 * 8 * 16 * 2.0) / bf16 * 1e-12);
  printf("\"copy_gb_per_s\": %.0f, ", 2.0 * bytes / copied * 1e-9);
  printf("\"l2_read_gb_per_s\": %.0f, ", double(blocks) * cached / cache * 1e-9);
  printf("\"graph_node_us\": %.2f}\n", graph_node(memory, 200));
  return 0;
}
