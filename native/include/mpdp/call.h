// One recorded op as Java hands it over, and how kernels read it. The layout is the contract with
// mpdp.backend.cpu.NativeCalls; operands.h names the places of the op's operands.
#pragma once
#include <cstdint>

#include "mpdp/operands.h"

// Code shared by objects of several instruction sets must leave no out-of-line copy: the linker
// keeps one of them, and that one may use instructions that this CPU lacks.
#define MPDP_INLINE [[gnu::always_inline]] inline

namespace mpdp {

struct Call {
  int64_t op;                   // index in kernel_list.def
  void* buffers[kBuffers];      // null: operand absent
  int64_t integers[kIntegers];  // int, boolean, enum ordinal, MlpShape (7 of them)
  double numbers[kNumbers];

  MPDP_INLINE const float* in(BufferOperand i) const {
    return static_cast<const float*>(buffers[static_cast<int>(i)]);
  }
  MPDP_INLINE float* out(BufferOperand i) const {
    return static_cast<float*>(buffers[static_cast<int>(i)]);
  }
  MPDP_INLINE const int32_t* ints(BufferOperand i) const {
    return static_cast<const int32_t*>(buffers[static_cast<int>(i)]);
  }
  MPDP_INLINE int32_t* int_out(BufferOperand i) const {
    return static_cast<int32_t*>(buffers[static_cast<int>(i)]);
  }
  MPDP_INLINE bool has(BufferOperand i) const { return buffers[static_cast<int>(i)] != nullptr; }
  MPDP_INLINE int64_t size(IntegerOperand i) const { return integers[static_cast<int>(i)]; }
  MPDP_INLINE bool flag(IntegerOperand i) const { return size(i) != 0; }
  MPDP_INLINE double precise(NumberOperand i) const { return numbers[static_cast<int>(i)]; }
  MPDP_INLINE float number(NumberOperand i) const { return static_cast<float>(precise(i)); }

  // Rows present in this run: `rows`, or fewer when the count operand i says so.
  MPDP_INLINE int64_t present(int64_t rows, BufferOperand i) const {
    if (!has(i)) return rows;
    int64_t count = ints(i)[0];
    return count < 0 ? 0 : count < rows ? count : rows;
  }
};

}  // namespace mpdp
