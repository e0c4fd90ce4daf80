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
  // 0, 1, 2, ... of the tasks that are at home at thread `home`, handed out across the team, from 0
  // again after each barrier. What a task computes must not depend on who runs it.
  virtual int64_t next_task(int home) = 0;
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

// The tasks of a kernel, which every thread goes through in the same order, again and again while
// next_round() says so:
//   for (Tasks tasks(team); tasks.next_round();) for (...) if (tasks.take(home)) ...
// Each is done by one thread: by the one where it is at home, whose caches have what earlier ops
// left there, unless another has nothing left to do.
class Tasks {
 public:
  MPDP_INLINE explicit Tasks(Team& team) : team_(team) {}
  MPDP_INLINE bool next_round() {
    if (++round_ == team_.size()) return false;
    home_ = (team_.rank() + round_) % team_.size();
    task_ = 0;
    mine_ = team_.next_task(home_);
    taken_ = false;
    return true;
  }
  // Whether the next task is this thread's. It must do it before it asks again.
  MPDP_INLINE bool take(int home) {
    if (home != home_) return false;
    if (taken_) mine_ = team_.next_task(home_);
    taken_ = task_++ == mine_;
    return taken_;
  }
  // Home of part `part` of `parts` of item `item` of `items`: neighbours are together.
  MPDP_INLINE int home(int64_t item, int64_t items, int64_t part, int64_t parts) const {
    return static_cast<int>((item * parts + part) * team_.size() / (items * parts));
  }
  MPDP_INLINE int threads() const { return team_.size(); }

 private:
  Team& team_;
  int round_ = -1, home_ = 0;
  int64_t task_ = 0, mine_ = 0;
  bool taken_ = false;
};

// Waits until `value` has reached `wanted`, by tasks that come before the caller's in the order.
// They are done by then, or some thread is at them or before them in its first round.
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
