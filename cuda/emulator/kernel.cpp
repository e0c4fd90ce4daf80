// The list of kernels.
#include <cstring>

#include "block.h"

namespace emulator {
namespace {
const Kernel* first;
}

Kernel::Kernel(const char* name, unsigned threads, size_t parameter_bytes, bool scratch, Body body)
    : name(name),
      threads(threads),
      parameter_bytes(parameter_bytes),
      scratch(scratch),
      body(body),
      next(first) {
  first = this;
}

const Kernel* Kernel::find(const char* name) {
  const Kernel* kernel = first;
  while (kernel && strcmp(kernel->name, name) != 0) kernel = kernel->next;
  return kernel;
}

}  // namespace emulator
