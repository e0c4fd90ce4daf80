// The C ABI of libmpdp_cpu.so and the kernel tables, one per instruction set.
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
namespace mpdp::wide {
#include "mpdp/kernel_list.def"
}
#undef MPDP_KERNEL

namespace {

using mpdp::Kernel;

#define MPDP_KERNEL(name) mpdp::baseline::name,
const Kernel kBaseline[] = {
#include "mpdp/kernel_list.def"
};
#undef MPDP_KERNEL
#define MPDP_KERNEL(name) mpdp::avx2::name,
const Kernel kAvx2[] = {
#include "mpdp/kernel_list.def"
};
#undef MPDP_KERNEL
#define MPDP_KERNEL(name) mpdp::avx512::name,
const Kernel kAvx512[] = {
#include "mpdp/kernel_list.def"
};
#undef MPDP_KERNEL
#ifdef MPDP_WIDE
#define MPDP_KERNEL(name) mpdp::wide::name,
const Kernel kWide[] = {
#include "mpdp/kernel_list.def"
};
#undef MPDP_KERNEL
#endif
#define MPDP_KERNEL(name) #name,
const char* const kNames[] = {
#include "mpdp/kernel_list.def"
};
#undef MPDP_KERNEL

constexpr int kOps = sizeof kNames / sizeof kNames[0];
#ifdef MPDP_WIDE
constexpr int kIsas = 4;
const Kernel* const kTables[kIsas] = {kBaseline, kAvx2, kAvx512, kWide};
const char* const kIsaNames[kIsas] = {"baseline", "avx2", "avx512", "wide"};
#else
constexpr int kIsas = 3;
const Kernel* const kTables[kIsas] = {kBaseline, kAvx2, kAvx512};
const char* const kIsaNames[kIsas] = {"baseline", "avx2", "avx512"};
#endif
constexpr int kBest = 2;  // of those that are chosen unasked

bool supported(int isa) {
  __builtin_cpu_init();
  bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  switch (isa) {
    case 0:
      return __builtin_cpu_supports("sse4.2");
    case 1:
    case 3:
      return avx2 && isa < kIsas;
    case 2:
      return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    default:
      return false;
  }
}

struct Engine {
  Engine(int isa, int threads) : isa(isa), pool(threads, kTables[isa]) {}
  int isa;
  mpdp::Pool pool;
};

}  // namespace

#define MPDP_EXPORT extern "C" [[gnu::visibility("default")]]

MPDP_EXPORT int mpdp_op_count() { return kOps; }

// The name of op i, or null when i is out of range.
MPDP_EXPORT const char* mpdp_op_name(int i) { return i < 0 || i >= kOps ? nullptr : kNames[i]; }

// The name of instruction set i (baseline, avx2, avx512), or null when i is out of range.
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
