// What every cuda/ops/<op>.cu includes: one recorded op as the host hands it over, and how kernels
// are declared. The layout of Call is the contract with mpdp.backend.cuda.CallEncoding and equals
// native/include/mpdp/call.h; operands.cuh names the places of the op's operands.
//
//   MPDP_KERNEL(adam, 256) {
//     using namespace mpdp::operands::adam;
//     ... call.in(kGradients) ...
//
// All ops are compiled as one translation unit: helpers of <op>.cu stand in namespace mpdp::<op>,
// kernels, named <op> or <op>_<phase>, outside of it. The same sources are compiled for the CPU by
// cuda/emulator, hence the macros, and no inline PTX without another way under MPDP_EMULATOR.
#pragma once
#include <cstdint>

#include "operands.cuh"

#ifdef MPDP_EMULATOR
#include "emulator/device.h"
#else
#define MPDP_DEVICE __device__ __forceinline__

// One kernel: `call` by value, and the op's device scratch, sized by its OpLaunch: its contents
// mean nothing before or after the op. Ops that share no operands run at the same time.
// A number after the threads says how many blocks a multiprocessor should have room for.
#define MPDP_KERNEL(name, ...)                              \
  extern "C" __global__ void __launch_bounds__(__VA_ARGS__) \
      name(const mpdp::Call call, float* scratch)

// The kernel of a chain of ops: `chain` by value.
#define MPDP_CHAIN_KERNEL(name, ...)                        \
  extern "C" __global__ void __launch_bounds__(__VA_ARGS__) \
      name(const __grid_constant__ mpdp::Chain chain)

// Declares `type* name`: the dynamic shared memory whose size is the KernelLaunch's sharedBytes.
#define MPDP_DYNAMIC_SHARED(type, name)                                \
  extern __shared__ __align__(16) unsigned char mpdp_dynamic_shared[]; \
  type* name = reinterpret_cast<type*>(mpdp_dynamic_shared)
#endif

namespace mpdp {

struct Call {
  int64_t op;                   // ordinal of mpdp.backend.op.Op
  void* buffers[kBuffers];      // device addresses; null: operand absent
  int64_t integers[kIntegers];  // int, boolean, enum ordinal, MlpShape (7 of them)
  double numbers[kNumbers];

  MPDP_DEVICE const float* in(BufferOperand i) const {
    return static_cast<const float*>(buffers[static_cast<int>(i)]);
  }
  MPDP_DEVICE float* out(BufferOperand i) const {
    return static_cast<float*>(buffers[static_cast<int>(i)]);
  }
  MPDP_DEVICE const int32_t* ints(BufferOperand i) const {
    return static_cast<const int32_t*>(buffers[static_cast<int>(i)]);
  }
  MPDP_DEVICE int32_t* int_out(BufferOperand i) const {
    return static_cast<int32_t*>(buffers[static_cast<int>(i)]);
  }
  MPDP_DEVICE bool has(BufferOperand i) const { return buffers[static_cast<int>(i)] != nullptr; }
  MPDP_DEVICE int64_t size(IntegerOperand i) const { return integers[static_cast<int>(i)]; }
  MPDP_DEVICE bool flag(IntegerOperand i) const { return size(i) != 0; }
  MPDP_DEVICE double precise(NumberOperand i) const { return numbers[static_cast<int>(i)]; }
  MPDP_DEVICE float number(NumberOperand i) const { return static_cast<float>(precise(i)); }
  // Which part of the op this launch is: its KernelLaunch's.
  MPDP_DEVICE int64_t part() const { return integers[kIntegers - 1]; }

  // Rows present in this run: `rows`, or fewer when the count operand i says so.
  MPDP_DEVICE int64_t present(int64_t rows, BufferOperand i) const {
    if (!has(i)) return rows;
    int64_t count = ints(i)[0];
    return count < 0 ? 0 : count < rows ? count : rows;
  }
};

static_assert(sizeof(Call) == 328, "the layout is a contract with Java");

// An op of a chain: `kind` is its place in mpdp.backend.cuda.ChainOp, `shared` where its words of
// the block's dynamic shared memory begin. With `barrier` it needs what ops before it wrote, or
// writes what they read.
struct Link {
  Call call;
  int64_t kind, shared, barrier;
};

// Ops on the same `rows` that one kernel runs one after another (rows_chain.cu). Of the links the
// first `length` mean something.
struct Chain {
  static constexpr int kLinks = 6;

  int64_t length, rows;
  Link links[kLinks];
};

static_assert(sizeof(Chain) == 16 + 6 * 352, "the layout is a contract with Java");

// The first item of this thread and the distance to its next one, in a one-dimensional grid:
//   for (int64_t i = first_item(); i < words; i += item_stride()) ...
MPDP_DEVICE int64_t first_item() {
  return static_cast<int64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
}
MPDP_DEVICE int64_t item_stride() { return static_cast<int64_t>(gridDim.x) * blockDim.x; }

// The same where an item has a warp.
MPDP_DEVICE int64_t first_warp() { return first_item() / 32; }
MPDP_DEVICE int64_t warp_stride() { return item_stride() / 32; }

}  // namespace mpdp
