#include "shared.h"

#include <link.h>

#include <cstring>

namespace {
// The argument of the C library's __tls_get_addr.
struct TlsIndex {
  unsigned long module, offset;
};
}  // namespace
extern "C" void* __tls_get_addr(TlsIndex*);

namespace emulator {
namespace {

struct SharedVariables {
  unsigned long module;
  size_t bytes;
};

// Kernels have a library of their own, whose thread-local storage is nothing but their __shared__
// variables.
int find(dl_phdr_info* info, size_t, void* result) {
  if (!info->dlpi_name || !strstr(info->dlpi_name, "libmpdp_kernels.so")) return 0;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    if (header.p_type == PT_TLS) {
      *static_cast<SharedVariables*>(result) = {info->dlpi_tls_modid, header.p_memsz};
    }
  }
  return 1;
}

}  // namespace

void poison_shared() {
  SharedVariables shared = {};
  dl_iterate_phdr(find, &shared);
  if (shared.bytes == 0) return;
  // By this call a thread gets its storage. A kernel's first access must not be the one to get it:
  // before glibc 2.40 a TLS descriptor that allocates loses the caller's vector registers.
  TlsIndex index = {shared.module, 0};
  memset(__tls_get_addr(&index), 0xff, shared.bytes);
}

}  // namespace emulator
