// Facts about a Hopper GPU that the design of the network kernels depends on: prints one JSON
// object a line. Ends with a line that says so where the GPU is none. Takes about five seconds.
//   nvcc -std=c++17 -O3 -gencode arch=compute_90a,code=sm_90a -o probe probe.cu
#include "probe.cuh"
#include "probe_clusters.cuh"
#include "probe_products.cuh"

// --- From the L2 cache to the multiprocessors ---

constexpr int kPieces = 16, kPiece = kThreads * kPieces;  // of 16 bytes: 64 KB a round

// Each block walks through the same memory from a place of its own, as network kernels do through
// weights.
__global__ void stream_l2(const float4* from, int count, int rounds, float* out) {
  extern __shared__ float4 stage[];  // (2, kPiece)
  int at = (blockIdx.x * 997) % count;
  for (int round = 0; round < rounds; round++) {
#pragma unroll
    for (int i = 0; i < kPieces; i++) {
      int k = at + i * kThreads + threadIdx.x;
      k = k >= count ? k - count : k;
      float4* to = stage + (round & 1) * kPiece + i * kThreads + threadIdx.x;
      asm volatile(
          "cp.async.cg.shared.global [%0], [%1], 16;" ::"r"((unsigned)__cvta_generic_to_shared(to)),
          "l"(from + k));
    }
    asm volatile("cp.async.commit_group;");
    asm volatile("cp.async.wait_group 1;" ::: "memory");
    at += kPiece;
    at = at >= count ? at - count : at;
  }
  asm volatile("cp.async.wait_group 0;" ::: "memory");
  __syncthreads();
  if (stage[threadIdx.x].x == 12345.0f) out[0] = 1;
}

void l2(float* memory) {
  CHECK(cudaFuncSetAttribute(stream_l2, cudaFuncAttributeMaxDynamicSharedMemorySize, kSharedBytes));
  const int count = 7 * 32768, rounds = 400;  // 3.7 MB: an ensemble's weights
  for (int blocks : {1, 32, 64, 112, multiprocessors}) {
    float millis = fastest([&] {
      stream_l2<<<blocks, kThreads, kSharedBytes, stream>>>(reinterpret_cast<float4*>(memory),
                                                            count, rounds, memory);
    });
    CHECK(cudaGetLastError());
    double each = rounds * 16.0 * kPiece / millis * 1e-6;
    printf(
        "{\"probe\": \"l2_to_sm\", \"blocks\": %d, \"gb_per_s\": %.0f, \"gb_per_s_a_block\": "
        "%.1f}\n",
        blocks, blocks * each, each);
  }
}

// --- A node of a graph: with usual edges and programmatic ones, of little and of much shared
// memory ---

__global__ void node(float* out, bool programmatic) {
  if (programmatic) {
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
    asm volatile("griddepcontrol.wait;" ::: "memory");
  }
  if (out == nullptr) __trap();
}

void nodes(int bytes, bool programmatic, float* memory) {
  const int count = 200;
  cudaGraph_t graph;
  cudaGraphExec_t ready;
  CHECK(cudaFuncSetAttribute(node, cudaFuncAttributeMaxDynamicSharedMemorySize, kSharedBytes));
  CHECK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
  for (int i = 0; i < count; i++) {
    cudaLaunchAttribute attribute = {};
    attribute.id = cudaLaunchAttributeProgrammaticStreamSerialization;
    attribute.val.programmaticStreamSerializationAllowed = 1;
    cudaLaunchConfig_t config = {};
    config.gridDim = 112;
    config.blockDim = kThreads;
    config.dynamicSmemBytes = bytes;
    config.stream = stream;
    config.attrs = &attribute;
    config.numAttrs = programmatic && i > 0 ? 1 : 0;
    CHECK(cudaLaunchKernelEx(&config, node, memory, programmatic));
  }
  CHECK(cudaStreamEndCapture(stream, &graph));
  CHECK(cudaGraphInstantiate(&ready, graph, 0));
  float millis = fastest([&] { cudaGraphLaunch(ready, stream); });
  printf("{\"probe\": \"graph_node\", \"shared_bytes\": %d, \"programmatic\": %s, \"us\": %.2f}\n",
         bytes, programmatic ? "true" : "false", millis * 1e3 / count);
  cudaGraphExecDestroy(ready);
  cudaGraphDestroy(graph);
}

// --- Blocks that meet through memory: groups of 7, as members that share rows ---

__global__ void meet(unsigned* counters, int turns) {
  unsigned* mine = counters + blockIdx.x / 7 * 32;
  for (int i = 1; i <= turns; i++) {
    __syncthreads();
    if (threadIdx.x == 0) {
      unsigned seen;
      asm volatile("red.release.gpu.global.add.u32 [%0], 1;" ::"l"(mine) : "memory");
      do {
        asm volatile("ld.acquire.gpu.global.u32 %0, [%1];" : "=r"(seen) : "l"(mine) : "memory");
      } while (seen < 7u * i);
    }
    __syncthreads();
  }
}

// Cooperative, so that all blocks are there at once or none is: they wait for each other.
void meetings(float* memory) {
  unsigned* counters = reinterpret_cast<unsigned*>(memory);
  int turns = 1000;
  void* arguments[] = {&counters, &turns};
  cudaError_t launched = cudaSuccess;
  float millis = fastest([&] {
    cudaMemsetAsync(memory, 0, 4096, stream);
    cudaError_t error = cudaLaunchCooperativeKernel(reinterpret_cast<void*>(meet), dim3(112),
                                                    dim3(kThreads), arguments, 0, stream);
    if (error != cudaSuccess) launched = error;
  });
  CHECK(launched);
  printf("{\"probe\": \"meet_of_7_by_memory\", \"us\": %.2f}\n", millis * 1e3 / turns);
}

int main() {
  // Whoever is cut off has said what it knows.
  setvbuf(stdout, nullptr, _IOLBF, 0);
  cudaDeviceProp device;
  cudaError_t found = cudaGetDeviceProperties(&device, 0);
  if (found != cudaSuccess) {
    fprintf(stderr, "probe: %s\n", cudaGetErrorString(found));
    return 1;
  }
  if (device.major != 9) {
    printf("{\"probe\": \"none\", \"reason\": \"%s is no Hopper GPU\"}\n", device.name);
    return 0;
  }
  multiprocessors = device.multiProcessorCount;
  const size_t bytes = size_t(64) << 20;
  float* memory;
  if (cudaStreamCreate(&stream) != cudaSuccess || cudaMalloc(&memory, bytes) != cudaSuccess) {
    fprintf(stderr, "probe: no stream or no memory on %s\n", device.name);
    return 1;
  }
  cudaMemset(memory, 0, bytes);
  printf(
      "{\"probe\": \"device\", \"name\": \"%s\", \"multiprocessors\": %d, \"l2_bytes\": %d, "
      "\"shared_bytes_a_block\": %zu}\n",
      device.name, multiprocessors, device.l2CacheSize, device.sharedMemPerBlockOptin);
  l2(memory);
  for (int shared : {0, 170 * 1024}) {
    nodes(shared, false, memory);
    nodes(shared, true, memory);
  }
  clusters("cluster_barrier", cluster_barriers, memory);
  clusters("cluster_gather_4k", cluster_gathers, memory);
  meetings(memory);
  for (int warps : {8, 16}) {
    products<false, 4>(warps, memory);
    products<false, 8>(warps, memory);
    products<true, 4>(warps, memory);
    products<true, 8>(warps, memory);
  }
  groups(memory);
  return 0;
}
