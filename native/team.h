// The thread pool behind mpdp::Team.
#pragma once
#include <pthread.h>

#include <atomic>
#include <memory>
#include <vector>

#include "mpdp/call.h"
#include "mpdp/team.h"

namespace mpdp {

using Kernel = void (*)(const Call&, Team&);

// Waiting sleeps in the kernel, after it has spun for a short while where `spin` says so.
class Event {
 public:
  uint32_t value() const { return value_.load(std::memory_order_acquire); }
  void wait_past(uint32_t seen, bool spin);
  void advance();

 private:
  std::atomic<uint32_t> value_{0};
  std::atomic<uint32_t> sleepers_{0};
};

// Grows on demand and keeps what it has. Throws OutOfMemory.
class Scratch {
 public:
  ~Scratch();
  bool holds(size_t bytes) const { return bytes <= bytes_; }
  void* grow(size_t bytes);

 private:
  void* memory_ = nullptr;
  size_t bytes_ = 0;
};

// A thread that cannot allocate throws, the others follow at their next barrier.
struct OutOfMemory {
  size_t bytes;
};

// A team of threads: the caller of run() is rank 0, the others live as long as the pool.
class Pool {
 public:
  Pool(int threads, const Kernel* kernels);
  ~Pool();
  // 0, or how many bytes of scratch memory could not be had: then the ops are done in part.
  int64_t run(const Call* calls, int64_t count);

 private:
  class Member;

  void work(Member& member);
  void serve(Member& member);
  void barrier(Member& member);
  void wait(Event& event, uint32_t seen, Member& member);
  bool shares_processor(const Member& member) const;
  void abandon(Member& member, size_t bytes);
  void forget_tasks();

  const Kernel* kernels_;
  const Call* calls_ = nullptr;
  int64_t count_ = 0;
  bool stop_ = false;
  Event start_;
  Event phase_;
  Event end_;
  alignas(64) std::atomic<int> arrived_{0};
  std::atomic<int> left_{0};
  std::atomic<int64_t> missing_{0};  // bytes that some thread could not allocate
  Scratch shared_;
  std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace mpdp
