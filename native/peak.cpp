// mpdp_peak: the multiply-adds per second that a number of threads reach together, measured now.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "probe/multiply_add.h"

namespace {

using Clock = std::chrono::steady_clock;

struct Probe {
  double (*run)(int64_t rounds);
  int64_t (*flops)();
};

constexpr Probe kProbes[] = {
    {mpdp::baseline::multiply_add, mpdp::baseline::multiply_add_flops},
    {mpdp::avx2::multiply_add, mpdp::avx2::multiply_add_flops},
    {mpdp::avx512::multiply_add, mpdp::avx512::multiply_add_flops},
    {mpdp::avx512::multiply_add, mpdp::avx512::multiply_add_flops},  // of floats: not of tiles
    {mpdp::avx512::multiply_add, mpdp::avx512::multiply_add_flops},
    {mpdp::avx2::multiply_add, mpdp::avx2::multiply_add_flops},  // wide runs on AVX2
    {mpdp::avx2::multiply_add, mpdp::avx2::multiply_add_flops},
    {mpdp::avx2::multiply_add, mpdp::avx2::multiply_add_flops},
};
constexpr int64_t kRounds = 100000;  // about 0.2 ms
constexpr int kSamples = 20;

// Flops per second of one thread in its best sample: what the core does when nobody disturbs it.
double best_sample(const Probe& probe) {
  double best = 0;
  volatile double kept = 0;
  for (int sample = 0; sample < kSamples; sample++) {
    auto start = Clock::now();
    kept = kept + probe.run(kRounds);
    double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    best = std::max(best, static_cast<double>(probe.flops()) * kRounds / seconds);
  }
  return best;
}

}  // namespace

// Flops per second of instruction set `isa` (which the CPU must have) on `threads` threads that
// start together: the sum of their best samples.
extern "C" [[gnu::visibility("default")]] double mpdp_peak(int isa, int threads) {
  const Probe& probe = kProbes[isa];
  std::vector<double> rates(threads);
  std::vector<std::thread> helpers;
  std::atomic<int> waiting{threads};
  auto measure = [&](int rank) {
    waiting.fetch_sub(1);
    while (waiting.load() > 0) std::this_thread::yield();
    rates[rank] = best_sample(probe);
  };
  for (int rank = 1; rank < threads; rank++) helpers.emplace_back(measure, rank);
  measure(0);
  for (std::thread& helper : helpers) helper.join();
  double total = 0;
  for (double rate : rates) total += rate;
  return total;
}
