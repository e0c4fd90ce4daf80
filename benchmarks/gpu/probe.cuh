// What the probe's parts share: errors, time.
#pragma once
#include <cstdio>

// Leaves the part at hand with a line that says why; the others still run.
#define CHECK(call)                                                                               \
  do {                                                                                            \
    cudaError_t result = call;                                                                    \
    if (result != cudaSuccess) {                                                                  \
      printf("{\"probe\": \"failed\", \"where\": \"%s:%d\", \"error\": \"%s\"}\n", __FILE_NAME__, \
             __LINE__, cudaGetErrorString(result));                                               \
      cudaGetLastError();                                                                         \
      return;                                                                                     \
    }                                                                                             \
  } while (0)

constexpr int kThreads = 256;
// As much shared memory as the network kernels take: one block a multiprocessor.
constexpr int kSharedBytes = 200 * 1024;

inline cudaStream_t stream;
inline int multiprocessors;

// Milliseconds of the fastest of 7 runs, after one that warms up.
template <class Run>
float fastest(Run run) {
  cudaEvent_t begin, end;
  cudaEventCreate(&begin);
  cudaEventCreate(&end);
  float best = 1e30f;
  for (int round = 0; round < 8; round++) {
    cudaEventRecord(begin, stream);
    run();
    cudaEventRecord(end, stream);
    cudaEventSynchronize(end);
    float millis = 1e30f;
    cudaEventElapsedTime(&millis, begin, end);
    if (round > 0 && millis < best) best = millis;
  }
  cudaEventDestroy(begin);
  cudaEventDestroy(end);
  return best;
}
