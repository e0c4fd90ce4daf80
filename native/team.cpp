#include "team.h"

#include <immintrin.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <climits>
#include <cstdlib>
#include <new>
#include <thread>

namespace mpdp {
namespace {

constexpr auto kSpin = std::chrono::microseconds(20);
constexpr int kSpinsPerClock = 16;
constexpr size_t kAlignment = 64;

// Denormals cost a hundred cycles each and carry no information here: flush them to zero.
class FlushDenormals {
 public:
  FlushDenormals() : saved_(_mm_getcsr()) { _mm_setcsr(saved_ | 0x8040); }
  ~FlushDenormals() { _mm_setcsr(saved_); }

 private:
  unsigned saved_;
};

uint32_t* word(std::atomic<uint32_t>& value) { return reinterpret_cast<uint32_t*>(&value); }

}  // namespace

void Event::wait_past(uint32_t seen, bool spin) {
  if (spin) {
    auto end = std::chrono::steady_clock::now() + kSpin;
    do {
      for (int i = 0; i < kSpinsPerClock; i++) {
        if (value() != seen) return;
        _mm_pause();
      }
    } while (std::chrono::steady_clock::now() < end);
  }
  sleepers_.fetch_add(1);
  while (value_.load() == seen) {
    syscall(SYS_futex, word(value_), FUTEX_WAIT_PRIVATE, seen, nullptr, nullptr, 0);
  }
  sleepers_.fetch_sub(1);
}

void Event::advance() {
  // Sequentially consistent on both sides: either the sleeper sees the new value, or we see it.
  value_.fetch_add(1);
  if (sleepers_.load() > 0) {
    syscall(SYS_futex, word(value_), FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
  }
}

Scratch::~Scratch() { std::free(memory_); }

void* Scratch::grow(size_t bytes) {
  if (!holds(bytes)) {
    std::free(memory_);
    bytes_ = 0;
    size_t wanted = (bytes + bytes / 4 + kAlignment - 1) / kAlignment * kAlignment;
    memory_ = std::aligned_alloc(kAlignment, wanted);
    if (!memory_) throw OutOfMemory{wanted};
    bytes_ = wanted;
  }
  return memory_;
}

class Pool::Member final : public Team {
 public:
  Member(Pool& pool, int rank, int size) : pool_(pool) {
    rank_ = rank;
    size_ = size;
  }

  void barrier() override { pool_.barrier(*this); }
  int64_t next_task(int home) override {
    return pool_.members_[home]->tasks_taken_.fetch_add(1, std::memory_order_relaxed);
  }
  void* scratch(size_t bytes) override { return scratch_.grow(bytes); }

  void* shared(size_t bytes) override {
    bool fits = pool_.shared_.holds(bytes);
    barrier();
    if (!fits) {
      if (rank_ == 0) pool_.shared_.grow(bytes);
      barrier();
    }
    return pool_.shared_.grow(bytes);
  }

  void forget_tasks() { tasks_taken_.store(0, std::memory_order_relaxed); }

  // Tells the others which processor this thread runs on; the word is written where it changes.
  void show_processor() {
    int now = sched_getcpu();
    if (now != processor()) processor_.store(now, std::memory_order_relaxed);
  }
  int processor() const { return processor_.load(std::memory_order_relaxed); }

  std::thread thread;

 private:
  Pool& pool_;
  Scratch scratch_;
  alignas(64) std::atomic<int> processor_{-1};
  alignas(64) std::atomic<int64_t> tasks_taken_{0};
};

void Pool::forget_tasks() {
  for (auto& member : members_) member->forget_tasks();
}

Pool::Pool(int threads, const Kernel* kernels) : kernels_(kernels) {
  for (int rank = 0; rank < threads; rank++) {
    members_.push_back(std::make_unique<Member>(*this, rank, threads));
  }
  for (int rank = 1; rank < threads; rank++) {
    Member& member = *members_[rank];
    member.thread = std::thread([this, &member] { serve(member); });
  }
}

Pool::~Pool() {
  stop_ = true;
  start_.advance();
  for (size_t rank = 1; rank < members_.size(); rank++) members_[rank]->thread.join();
}

int64_t Pool::run(const Call* calls, int64_t count) {
  FlushDenormals flush;
  calls_ = calls;
  count_ = count;
  if (members_.size() > 1) start_.advance();
  work(*members_[0]);
  return missing_.exchange(0);
}

void Pool::serve(Member& member) {
  FlushDenormals flush;
  for (uint32_t runs = 0;; runs++) {
    wait(start_, runs, member);
    if (stop_) return;
    work(member);
  }
}

void Pool::work(Member& member) {
  const Call* calls = calls_;
  try {
    for (int64_t i = 0, count = count_; i < count; i++) {
      kernels_[calls[i].op](calls[i], member);
      barrier(member);
    }
  } catch (const OutOfMemory& failure) {
    abandon(member, failure.bytes);
  }
}

// Frees the threads that wait for this one, and leaves when all have: no kernel runs any more.
void Pool::abandon(Member& member, size_t bytes) {
  missing_.store(static_cast<int64_t>(bytes));
  phase_.advance();
  int threads = static_cast<int>(members_.size());
  uint32_t end = end_.value();
  if (left_.fetch_add(1) == threads - 1) {
    left_.store(0);
    arrived_.store(0);
    forget_tasks();
    end_.advance();
  } else {
    wait(end_, end, member);
  }
}

void Pool::barrier(Member& member) {
  int threads = static_cast<int>(members_.size());
  if (threads == 1) {
    forget_tasks();
    return;
  }
  member.show_processor();
  uint32_t phase = phase_.value();
  if (int64_t missing = missing_.load()) throw OutOfMemory{static_cast<size_t>(missing)};
  if (arrived_.fetch_add(1, std::memory_order_acq_rel) == threads - 1) {
    arrived_.store(0, std::memory_order_relaxed);
    forget_tasks();
    phase_.advance();
  } else {
    wait(phase_, phase, member);
  }
  if (int64_t missing = missing_.load()) throw OutOfMemory{static_cast<size_t>(missing)};
}

// Spinning bridges the time until a thread on another processor is done. Where the system runs two
// of the team on one processor, as it does beside other work, the one that spins would only keep
// the processor from the one that it waits for.
void Pool::wait(Event& event, uint32_t seen, Member& member) {
  event.wait_past(seen, !shares_processor(member));
  member.show_processor();
}

// Whether another thread of the team was last seen where this one runs.
bool Pool::shares_processor(const Member& member) const {
  for (const auto& other : members_) {
    if (other.get() != &member && other->processor() == member.processor()) return true;
  }
  return false;
}

}  // namespace mpdp
