#include "fiber.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

extern "C" void mpdp_emulator_switch(void** save, void* load);
asm(R"(
.text
.type mpdp_emulator_switch,@function
mpdp_emulator_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
.size mpdp_emulator_switch,.-mpdp_emulator_switch
)");

namespace emulator {
namespace {

constexpr size_t kPage = 4096;
#ifdef __SANITIZE_ADDRESS__
constexpr size_t kStack = 256 * 1024;
#else
constexpr size_t kStack = 64 * 1024;
#endif
constexpr int kSavedRegisters = 6;

thread_local Fiber* running;
thread_local Fiber* left;

// Fibers whose tops lay a power of two apart would share few lines of the first-level cache.
size_t stagger(unsigned number) { return number % 61 * 192; }

// After a switch: tells AddressSanitizer which stack this is, and learns where the old one lies.
void arrived([[maybe_unused]] void* fake, [[maybe_unused]] const void** bottom,
             [[maybe_unused]] size_t* bytes) {
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_finish_switch_fiber(fake, bottom, bytes);
#endif
}

}  // namespace

Fiber::Fiber(Entry entry, unsigned number) : entry_(entry) {
  bytes_ = kStack + 3 * kPage;
  stack_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (stack_ == MAP_FAILED) abort();
  mprotect(stack_, kPage, PROT_NONE);  // an overflow is a fault rather than a mystery
  bottom_ = stack_;
  uintptr_t top = (reinterpret_cast<uintptr_t>(stack_) + bytes_ - stagger(number)) & ~uintptr_t{63};
  void** words = reinterpret_cast<void**>(top);
  *--words = nullptr;
  *--words = reinterpret_cast<void*>(&Fiber::first_entry);
  for (int i = 0; i < kSavedRegisters; i++) *--words = nullptr;
  pointer_ = words;
}

Fiber::~Fiber() {
  if (stack_) munmap(stack_, bytes_);
}

void Fiber::first_entry() {
  arrived(nullptr, &left->bottom_, &left->bytes_);
  running->entry_();
  abort();
}

void Fiber::resume(Fiber& from) {
  left = &from;
  running = this;
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_start_switch_fiber(&from.fake_stack_, bottom_, bytes_);
#endif
  mpdp_emulator_switch(&from.pointer_, pointer_);
  arrived(from.fake_stack_, left->stack_ ? nullptr : &left->bottom_,
          left->stack_ ? nullptr : &left->bytes_);
}

}  // namespace emulator
