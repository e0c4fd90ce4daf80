// The list of kernels.
#include <cstring>

#include "block.h"

namespace emulator {
namespace {
const Kernel* first;
}

Kernel::Kernel(const char* name, Body body, unsigned threads)
    : name(name), body(body), threads(threads), next(first) {
  first = this;
}

const Kernel* Kernel::find(const char* name) {
  const Kernel* kernel = first;
  while (kernel && strcmp(kernel->name, name) != 0) kernel = kernel->next;
  return kernel;
}

}  // namespace emulator
