// A stack to run CUDA threads on, and the switch between two of them (x86-64).
#pragma once
#include <cstddef>

namespace emulator {

class Fiber {
 public:
  using Entry = void (*)();

  Fiber() = default;                    // the stack of an OS thread
  Fiber(Entry entry, unsigned number);  // a new stack, on which `entry` starts and never ends
  Fiber(const Fiber&) = delete;
  ~Fiber();

  // Leaves `from`, the running one, for this one; returns when somebody switches back.
  void resume(Fiber& from);

 private:
  static void first_entry();

  void* stack_ = nullptr;  // lowest address of the mapping
  void* pointer_ = nullptr;
  void* fake_stack_ = nullptr;
  const void* bottom_ = nullptr;  // what AddressSanitizer is told
  size_t bytes_ = 0;
  Entry entry_ = nullptr;
};

}  // namespace emulator
