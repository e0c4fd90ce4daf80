// OS threads that share out the blocks of a launch.
#pragma once
#include <cstdint>
#include <functional>

namespace emulator {

// Runs `work` on the calling thread and, if `cuda_threads` are many, on helpers at the same time;
// returns when all have returned. MPDP_EMULATOR_THREADS says how many, one per core by default.
void share_out(uint64_t cuda_threads, const std::function<void()>& work);

}  // namespace emulator
