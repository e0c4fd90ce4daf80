// How kernels compiled for the CPU run: every thread of a block is a fiber, blocks are shared out
// among OS threads. Between two barriers the threads of a block run one after another, ascending in
// one launch and descending in the next, so that a missing barrier gives wrong results.
#pragma once
#include <cstddef>
#include <cstdint>

// __shared__ variables: one block at a time per OS thread. AddressSanitizer puts red zones around
// plain statics only, so its build runs one block at a time altogether.
#ifdef __SANITIZE_ADDRESS__
#define MPDP_SHARED static
#else
#define MPDP_SHARED static thread_local
#endif

namespace emulator {

struct Index {
  unsigned x, y, z;
};

// What the running CUDA thread sees of itself.
struct Position {
  Index thread, block, block_size, grid_size;
  unsigned char* dynamic;  // dynamic shared memory
};
extern constinit thread_local Position position;

// Gets the address of its first parameter, a struct, and its second one, or null if it has none.
using Body = void (*)(const void* parameter, float* scratch);

// A kernel, listed when the library is loaded.
struct Kernel {
  Kernel(const char* name, unsigned threads, size_t parameter_bytes, bool scratch, Body body);
  static const Kernel* find(const char* name);

  const char* name;
  unsigned threads;        // of a block, as declared
  size_t parameter_bytes;  // of the first one
  bool scratch;            // is its second one
  Body body;
  const Kernel* next;
};

struct Launch {
  const Kernel* kernel;
  Index grid;
  unsigned shared_bytes;
  const void* parameter;
  float* scratch;
};

// Runs every block; false, after a line on stderr, if the threads of a block disagree on a barrier.
bool run(const Launch& launch);

// __syncthreads and __syncwarp; `line` is that of the call, which all threads must share.
void block_barrier(int line);

// Waits until all threads of the warp in `mask` are here; returns their 32 values. A value of a
// thread outside of the mask is all ones.
const uint64_t* warp_exchange(unsigned mask, uint64_t value, int line);

// Number of the running thread within its block.
unsigned thread_number();

}  // namespace emulator
