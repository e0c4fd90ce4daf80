// The C ABI of libmpdp_cpu.so and the kernel tables, one per instruction set.
#include <sys/syscall.h>
#include <unistd.h>

#include <exception>

#include "mpdp/call.h"
#include "mpdp/team.h"
#include "team.h"

#define MPDP_KERNEL(name) void name(const Call&, Team&);
namespace mpdp::baseline {
#include "mpdp/kernel_list.def"
}
namespace mpdp::avx2 {
#include "mpdp/kernel_list.def"
}
namespace mpdp::avx512 {
#include "mpdp/kernel_list.def"
}
namespace mpdp::amx {
#include "mpdp/kernel_list.def"
}
namespace mpdp::amx_split {
#include "mpdp/kernel_list.def"
}
namespace mpdp::wide {
#include "mpdp/kernel_list.def"
}
namespace mpdp::wide_amx {
#include "mpdp/kernel_list.def"
}
namespace mpdp::wide_amx_split {
#include "mpdp/kernel_list.def"
}
#undef MPDP_KERNEL

namespace {

using mpdp::Kernel;

#define MPDP_KERNEL(name) #name,
const char* const kNames[] = {
#include "mpdp/kernel_list.def"
};
#undef MPDP_KERNEL
constexpr int kOps = sizeof kNames / sizeof kNames[0];

#define MPDP_KERNEL(name) k_##name,
enum Index {
#include "mpdp/kernel_list.def"
};
#undef MPDP_KERNEL

struct Kernels {
  Kernel of[kOps];
  // The same with the kernels of another set for the ops that multiply matrices.
  constexpr Kernels multiplying_by(Kernel forward, Kernel backward) const {
    Kernels all = *this;
    all.of[k_mlp_forward] = forward;
    all.of[k_mlp_backward] = backward;
    return all;
  }
};

#define MPDP_KERNEL(name) mpdp::baseline::name,
constexpr Kernels kBaseline = {{
#include "mpdp/kernel_list.def"
}};
#undef MPDP_KERNEL
#define MPDP_KERNEL(name) mpdp::avx2::name,
constexpr Kernels kAvx2 = {{
#include "mpdp/kernel_list.def"
}};
#undef MPDP_KERNEL
#define MPDP_KERNEL(name) mpdp::avx512::name,
constexpr Kernels kAvx512 = {{
#include "mpdp/kernel_list.def"
}};
#undef MPDP_KERNEL
constexpr Kernels kAmx = kAvx512.multiplying_by(mpdp::amx::mlp_forward, mpdp::amx::mlp_backward);
constexpr Kernels kAmxSplit =
    kAvx512.multiplying_by(mpdp::amx_split::mlp_forward, mpdp::amx_split::mlp_backward);
#ifdef MPDP_WIDE
#define MPDP_KERNEL(name) mpdp::wide::name,
constexpr Kernels kWide = {{
#include "mpdp/kernel_list.def"
}};
#undef MPDP_KERNEL
constexpr Kernels kWideAmx =
    kWide.multiplying_by(mpdp::wide_amx::mlp_forward, mpdp::wide_amx::mlp_backward);
#endif

#ifdef MPDP_WIDE
constexpr Kernels kWideAmxSplit =
    kWide.multiplying_by(mpdp::wide_amx_split::mlp_forward, mpdp::wide_amx_split::mlp_backward);
constexpr int kIsas = 8;
const Kernels kTables[kIsas] = {kBaseline, kAvx2, kAvx512,  kAmx,
                                kAmxSplit, kWide, kWideAmx, kWideAmxSplit};
const char* const kIsaNames[kIsas] = {"baseline",  "avx2", "avx512",   "amx",
                                      "amx_split", "wide", "wide_amx", "wide_amx_split"};
#else
constexpr int kIsas = 5;
const Kernels kTables[kIsas] = {kBaseline, kAvx2, kAvx512, kAmx, kAmxSplit};
const char* const kIsaNames[kIsas] = {"baseline", "avx2", "avx512", "amx", "amx_split"};
#endif
constexpr int kBest = 3;  // of those that are chosen unasked

// Whether this process may use tile registers: Linux makes room for them where asked for.
bool tiles_permitted() {
  constexpr long kRequest = 0x1023, kTileData = 18;  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  return syscall(SYS_arch_prctl, kRequest, kTileData) == 0;
}

bool supported(int isa) {
  __builtin_cpu_init();
  bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  switch (isa) {
    case 0:
      return __builtin_cpu_supports("sse4.2");
    case 1:
    case 5:
    case 6:
    case 7:
      return avx2 && isa < kIsas;
    case 2:
      return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    case 3:
    case 4:
      return supported(2) && __builtin_cpu_supports("avx512bf16") &&
             __builtin_cpu_supports("amx-bf16") && tiles_permitted();
    default:
      return false;
  }
}

struct Engine {
  Engine(int isa, int threads) : isa(isa), pool(threads, kTables[isa].of) {}
  int isa;
  mpdp::Pool pool;
};

}  // namespace

#define MPDP_EXPORT extern "C" [[gnu::visibility("default")]]

MPDP_EXPORT int mpdp_op_count() { return kOps; }

// The name of op i, or null when i is out of range.
MPDP_EXPORT const char* mpdp_op_name(int i) { return i < 0 || i >= kOps ? nullptr : kNames[i]; }

// The name of instruction set i (baseline, avx2, avx512, amx, amx_split), or null when i is out of
// range.
MPDP_EXPORT const char* mpdp_isa_name(int i) {
  return i < 0 || i >= kIsas ? nullptr : kIsaNames[i];
}

// A team of `threads` threads that uses instruction set `isa` (-1: the best one). Null when the CPU
// lacks it or the threads cannot be started.
MPDP_EXPORT void* mpdp_create(int threads, int isa) {
  if (isa < 0) {
    isa = kBest;
    while (isa >= 0 && !supported(isa)) isa--;
  }
  if (threads < 1 || !supported(isa)) return nullptr;
  try {
    return new Engine(isa, threads);
  } catch (const std::exception&) {
    return nullptr;
  }
}

MPDP_EXPORT void mpdp_destroy(void* engine) { delete static_cast<Engine*>(engine); }

// The index of the instruction set in use.
MPDP_EXPORT int mpdp_isa(void* engine) { return static_cast<Engine*>(engine)->isa; }

// Runs `count` calls in order; returns when all are done. One run at a time. 0, or the bytes of
// scratch memory that could not be had: then what the calls write is undefined.
MPDP_EXPORT int64_t mpdp_run(void* engine, const mpdp::Call* calls, int64_t count) {
  return static_cast<Engine*>(engine)->pool.run(calls, count);
}
