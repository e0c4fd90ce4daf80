// Clusters: how many run at once, and what their barriers cost.
#pragma once
#include <cooperative_groups.h>

#include "probe.cuh"

namespace cg = cooperative_groups;

__global__ void cluster_barriers(int turns, long long* cycles) {
  cg::this_cluster().sync();
  long long start = clock64();
  for (int i = 0; i < turns; i++) {
    asm volatile("barrier.cluster.arrive.release.aligned;" ::: "memory");
    asm volatile("barrier.cluster.wait.acquire.aligned;" ::: "memory");
  }
  if (threadIdx.x == 0 && blockIdx.x == 0) *cycles = clock64() - start;
}

// The same with 4 KB to every other block before each barrier: a layer's exchange of activations.
__global__ void cluster_gathers(int turns, long long* cycles) {
  extern __shared__ float4 buffer[];  // (2, 16, kThreads)
  cg::cluster_group cluster = cg::this_cluster();
  int size = cluster.num_blocks(), me = cluster.block_rank();
  cluster.sync();
  long long start = clock64();
  for (int i = 0; i < turns; i++) {
    for (int other = 1; other < size; other++) {
      float4* to = cluster.map_shared_rank(buffer, (me + other) % size);
      to[(i & 1) * 16 * kThreads + me * kThreads + threadIdx.x] = make_float4(i, me, other, 0);
    }
    cluster.sync();
  }
  if (threadIdx.x == 0 && blockIdx.x == 0) *cycles = clock64() - start;
}

void clusters(const char* name, void (*kernel)(int, long long*), float* memory) {
  CHECK(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, kSharedBytes));
  CHECK(cudaFuncSetAttribute(kernel, cudaFuncAttributeNonPortableClusterSizeAllowed, 1));
  for (int size : {2, 4, 5, 7, 8, 14, 16}) {
    cudaLaunchAttribute attribute = {};
    attribute.id = cudaLaunchAttributeClusterDimension;
    attribute.val.clusterDim.x = size;
    attribute.val.clusterDim.y = attribute.val.clusterDim.z = 1;
    cudaLaunchConfig_t config = {};
    config.gridDim = size * (112 / size);
    config.blockDim = kThreads;
    config.dynamicSmemBytes = kSharedBytes;
    config.stream = stream;
    config.attrs = &attribute;
    config.numAttrs = 1;
    int at_once = -1;
    cudaOccupancyMaxActiveClusters(&at_once, kernel, &config);
    cudaGetLastError();
    const int turns = 1000;
    long long cycles = 0;
    cudaError_t launched =
        cudaLaunchKernelEx(&config, kernel, turns, reinterpret_cast<long long*>(memory));
    if (launched == cudaSuccess) launched = cudaStreamSynchronize(stream);
    if (launched == cudaSuccess) cudaMemcpy(&cycles, memory, sizeof cycles, cudaMemcpyDeviceToHost);
    printf(
        "{\"probe\": \"%s\", \"blocks\": %d, \"clusters_at_once\": %d, \"cycles_each\": %.0f, "
        "\"launch\": \"%s\"}\n",
        name, size, at_once, double(cycles) / turns, cudaGetErrorString(launched));
    cudaGetLastError();
  }
}
