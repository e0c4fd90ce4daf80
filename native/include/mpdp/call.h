// One recorded op as Java hands it over, and how kernels read it. The layout is the contract with
// mpdp.backend.cpu.NativeCalls; the order of operands is that of the op's Java record.
#pragma once
#include <cstdint>

// Code shared by objects of several instruction sets must leave no out-of-line copy: the linker
// keeps one of them, and that one may use instructions that this CPU lacks.
#define MPDP_INLINE [[gnu::always_inline]] inline

namespace mpdp {

struct Call {
  static constexpr int kBuffers = 16;
  static constexpr int kIntegers = 16;
  static constexpr int kNumbers = 8;

  int64_t op;                   // index in kernel_list.def
  void* buffers[kBuffers];      // null: operand absent
  int64_t integers[kIntegers];  // int, boolean, enum ordinal, MlpShape (7 of them)
  double numbers[kNumbers];

  MPDP_INLINE const float* in(int i) const { return static_cast<const float*>(buffers[i]); }
  MPDP_INLINE float* out(int i) const { return static_cast<float*>(buffers[i]); }
  MPDP_INLINE const int32_t* ints(int i) const { return static_cast<const int32_t*>(buffers[i]); }
  MPDP_INLINE int32_t* int_out(int i) const { return static_cast<int32_t*>(buffers[i]); }
  MPDP_INLINE int64_t size(int i) const { return integers[i]; }
  MPDP_INLINE bool flag(int i) const { return integers[i] != 0; }
  MPDP_INLINE float number(int i) const { return static_cast<float>(numbers[i]); }

  // Rows present in this run: `rows`, or fewer when the count operand at buffer i says so.
  MPDP_INLINE int64_t present(int64_t rows, int i) const {
    if (!buffers[i]) return rows;
    int64_t count = ints(i)[0];
    return count < 0 ? 0 : count < rows ? count : rows;
  }
};

}  // namespace mpdp
