#include "shared.h"

#include <link.h>

#include <cstring>

namespace emulator {
namespace {

// Kernels have a library of their own, whose thread-local storage is nothing but their __shared__
// variables.
int poison(dl_phdr_info* info, size_t, void*) {
  if (!info->dlpi_name || !strstr(info->dlpi_name, "libmpdp_kernels.so")) return 0;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    if (header.p_type == PT_TLS && info->dlpi_tls_data) {
      memset(info->dlpi_tls_data, 0xff, header.p_memsz);
    }
  }
  return 1;
}

}  // namespace

void poison_shared() { dl_iterate_phdr(poison, nullptr); }

}  // namespace emulator
