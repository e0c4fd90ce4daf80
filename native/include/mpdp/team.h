// The threads that run a program together. Every thread runs every op of the list and takes its
// own share of the work; a barrier separates ops, and ops may use it between phases of their own.
#pragma once
#include <sched.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "mpdp/call.h"

namespace mpdp {

class Team {
 public:
  MPDP_INLINE int rank() const { return rank_; }
  MPDP_INLINE int size() const { return size_; }
  // Waits until all threads of the team are here; what they wrote before is visible after.
  virtual void barrier() = 0;
  // 0, 1, 2, ... handed out across the team, from 0 again after each barrier: threads that are
  // ahead take more tasks. What a task computes must not depend on who runs it.
  virtual int64_t next_task() = 0;
  // This thread's scratch memory, 64-byte aligned, kept between calls; contents undefined.
  virtual void* scratch(size_t bytes) = 0;
  // One memory that all threads of the team see, 64-byte aligned, kept between calls, contents
  // undefined: for partial sums. It is a barrier: every thread calls it, with the same size.
  virtual void* shared(size_t bytes) = 0;

  // This thread's part [begin, end) of n items, in multiples of `grain`.
  MPDP_INLINE void share(int64_t n, int64_t grain, int64_t* begin, int64_t* end) const {
    int64_t grains = (n + grain - 1) / grain;
    int64_t from = grains * rank_ / size_ * grain, to = grains * (rank_ + 1) / size_ * grain;
    *begin = from < n ? from : n;
    *end = to < n ? to : n;
  }

 protected:
  ~Team() = default;
  int rank_ = 0;
  int size_ = 1;
};

// The tasks of a kernel, which every thread goes through in the same order; each is taken by one.
class Tasks {
 public:
  MPDP_INLINE explicit Tasks(Team& team) : team_(team), mine_(team.next_task()) {}
  // Whether the next task is this thread's. It must do it before it asks again.
  MPDP_INLINE bool take() {
    if (taken_) mine_ = team_.next_task();
    taken_ = task_++ == mine_;
    return taken_;
  }
  MPDP_INLINE int threads() const { return team_.size(); }

 private:
  Team& team_;
  int64_t task_ = 0, mine_;
  bool taken_ = false;
};

// Waits until `value` has reached `wanted`, by tasks that were taken before the caller's.
MPDP_INLINE void wait_for(const std::atomic<int32_t>& value, int64_t wanted) {
  for (int spins = 0; value.load(std::memory_order_acquire) < wanted; spins++) {
    if (spins < 1000) {
      __builtin_ia32_pause();
    } else {
      sched_yield();
    }
  }
}

}  // namespace mpdp
