#include "pool.h"

#include <algorithm>

namespace mpdp {
namespace {

// Long enough to bridge the gap between two steps, short enough for a busy machine.
constexpr int kSpins = 2000;

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

template <class Condition>
bool spin_until(Condition condition) {
  for (int i = 0; i < kSpins; i++) {
    if (condition()) return true;
    relax();
  }
  return false;
}

}  // namespace

Pool::Pool(int threads, std::function<void(int, int)> work)
    : threads_(std::max(1, threads)), work_(std::move(work)) {
  for (int thread = 1; thread < threads_; thread++) {
    helpers_.emplace_back(&Pool::help, this, thread);
  }
}

Pool::~Pool() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  start_.notify_all();
  for (std::thread& helper : helpers_) helper.join();
}

void Pool::run(int count) {
  count_ = count;
  next_ = 0;
  if (threads_ == 1 || count == 1) {
    chunk_ = count;
    drain(0);
    return;
  }
  // Eight chunks per thread even out episodes that cost more than others.
  chunk_ = std::max(1, count / (threads_ * 8));
  busy_ = threads_ - 1;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    generation_.fetch_add(1);
  }
  start_.notify_all();
  drain(0);
  auto done = [this] { return busy_.load(std::memory_order_acquire) == 0; };
  if (!spin_until(done)) {
    std::unique_lock<std::mutex> lock(mutex_);
    finish_.wait(lock, done);
  }
}

void Pool::help(int thread) {
  uint64_t seen = 0;
  for (;;) {
    auto called = [&] { return stop_.load() || generation_.load() != seen; };
    if (!spin_until(called)) {
      std::unique_lock<std::mutex> lock(mutex_);
      start_.wait(lock, called);
    }
    if (stop_) return;
    seen = generation_;
    drain(thread);
    if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      std::lock_guard<std::mutex> lock(mutex_);
      finish_.notify_one();
    }
  }
}

void Pool::drain(int thread) {
  for (;;) {
    int first = next_.fetch_add(chunk_);
    if (first >= count_) return;
    int last = std::min(count_, first + chunk_);
    for (int item = first; item < last; item++) work_(item, thread);
  }
}

}  // namespace mpdp
