#include "block.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <deque>
#include <memory>
#include <vector>

#include "fiber.h"
#include "pool.h"
#include "shared.h"

namespace emulator {

constinit thread_local Position position{};

namespace {

constexpr unsigned kWarp = 32;

enum class State : uint8_t { kNew, kReady, kAtBarrier, kAtWarp, kDone };

struct Thread {
  State state;
  int line;       // of the barrier it waits at
  unsigned mask;  // of the warp operation it waits at
  Fiber* fiber;
  uint64_t given;  // to the warp operation
};

// The blocks that one OS thread runs, one after another.
class Worker {
 public:
  bool run_block(const Launch& launch, uint64_t block, bool descending);
  void wait(State state, unsigned mask, int line);
  const uint64_t* exchange(unsigned mask, uint64_t value, int line);
  unsigned current() const { return current_; }

 private:
  static void run_threads();
  void finish();
  bool next_new();
  void step(unsigned thread);
  void select(unsigned thread);
  Fiber* idle_fiber();
  void run_warp(unsigned warp);
  bool release_warp(unsigned begin, unsigned end);
  bool release_block();
  bool fail(const char* what, unsigned one, unsigned other);

  unsigned at(unsigned i, unsigned count) const { return descending_ ? count - 1 - i : i; }

  const Launch* launch_ = nullptr;
  bool descending_ = false;
  std::vector<Thread> threads_;
  std::vector<uint64_t> received_;  // (threads), by warp
  std::deque<std::unique_ptr<Fiber>> fibers_;
  std::vector<Fiber*> idle_;
  Fiber scheduler_;
  unsigned current_ = 0, warp_begin_ = 0, warp_end_ = 0;
};

thread_local Worker worker;

void Worker::run_threads() {
  for (;;) {
    worker.launch_->kernel->body(worker.launch_->parameter, worker.launch_->scratch);
    worker.finish();
  }
}

// The running thread has ended: its fiber goes on with the warp's next new thread, so that a kernel
// without barriers runs on a single fiber.
void Worker::finish() {
  Thread& thread = threads_[current_];
  thread.state = State::kDone;
  Fiber* fiber = thread.fiber;
  if (next_new()) {
    threads_[current_].fiber = fiber;
    return;
  }
  idle_.push_back(fiber);
  scheduler_.resume(*fiber);
}

bool Worker::next_new() {
  if (descending_ ? current_ == warp_begin_ : current_ + 1 == warp_end_) return false;
  unsigned next = descending_ ? current_ - 1 : current_ + 1;
  if (threads_[next].state != State::kNew) return false;
  select(next);
  return true;
}

void Worker::select(unsigned thread) {
  current_ = thread;
  const Index& size = position.block_size;
  position.thread = {thread % size.x, thread / size.x % size.y, thread / (size.x * size.y)};
}

Fiber* Worker::idle_fiber() {
  if (idle_.empty()) {
    fibers_.push_back(std::make_unique<Fiber>(&Worker::run_threads, fibers_.size()));
    return fibers_.back().get();
  }
  Fiber* fiber = idle_.back();
  idle_.pop_back();
  return fiber;
}

void Worker::step(unsigned number) {
  Thread& thread = threads_[number];
  if (thread.state == State::kNew) thread.fiber = idle_fiber();
  select(number);
  thread.fiber->resume(scheduler_);
}

void Worker::run_warp(unsigned warp) {
  warp_begin_ = warp * kWarp;
  warp_end_ = std::min<unsigned>(warp_begin_ + kWarp, threads_.size());
  unsigned lanes = warp_end_ - warp_begin_;
  do {
    for (unsigned i = 0; i < lanes; i++) {
      unsigned thread = warp_begin_ + at(i, lanes);
      if (threads_[thread].state <= State::kReady) step(thread);
    }
  } while (release_warp(warp_begin_, warp_end_));
}

// Lets a group of threads go on whose warp operation has all the threads of its mask.
bool Worker::release_warp(unsigned begin, unsigned end) {
  for (unsigned first = begin; first < end; first++) {
    if (threads_[first].state != State::kAtWarp) continue;
    unsigned mask = threads_[first].mask;
    bool complete = true;
    for (unsigned i = begin; i < end; i++) {
      const Thread& thread = threads_[i];
      if (mask >> (i - begin) & 1 && thread.state != State::kDone) {
        complete &= thread.state == State::kAtWarp && thread.mask == mask &&
                    thread.line == threads_[first].line;
      }
    }
    if (!complete) continue;
    for (unsigned i = begin; i < end; i++) {
      bool member = mask >> (i - begin) & 1;
      if (member && threads_[i].state == State::kAtWarp) threads_[i].state = State::kReady;
      received_[i] = member ? threads_[i].given : ~uint64_t{0};
    }
    return true;  // these read what was exchanged before the next group's values replace it
  }
  return false;
}

bool Worker::release_block() {
  Thread* first = nullptr;
  for (Thread& thread : threads_) {
    unsigned number = &thread - threads_.data();
    if (thread.state == State::kAtWarp) {
      return fail("waits at a warp operation without the other threads of its mask", number,
                  number);
    }
    if (thread.state != State::kAtBarrier) continue;
    if (!first) first = &thread;
    if (thread.line != first->line) {
      return fail("waits at another __syncthreads", number, first - threads_.data());
    }
  }
  for (Thread& thread : threads_) {
    if (thread.state == State::kAtBarrier) thread.state = State::kReady;
  }
  return first != nullptr;
}

bool Worker::fail(const char* what, unsigned one, unsigned other) {
  const Index& block = position.block;
  fprintf(stderr, "emulator: %s: divergent barrier in block (%u, %u, %u): thread %u at line %d %s",
          launch_->kernel->name, block.x, block.y, block.z, one, threads_[one].line, what);
  if (one != other) fprintf(stderr, " than thread %u, line %d", other, threads_[other].line);
  fputc('\n', stderr);
  fibers_.clear();  // their threads will never end
  idle_.clear();
  threads_.clear();
  return false;
}

bool Worker::run_block(const Launch& launch, uint64_t block, bool descending) {
  launch_ = &launch;
  descending_ = descending;
  const Index& grid = launch.grid;
  position.block = {unsigned(block % grid.x), unsigned(block / grid.x % grid.y),
                    unsigned(block / grid.x / grid.y)};
  position.grid_size = grid;
  position.block_size = {launch.kernel->threads, 1, 1};
  threads_.assign(launch.kernel->threads, Thread{State::kNew, 0, 0, nullptr, 0});
  received_.resize((threads_.size() + kWarp - 1) / kWarp * kWarp);
  unsigned warps = received_.size() / kWarp;
  do {
    for (unsigned i = 0; i < warps; i++) run_warp(at(i, warps));
  } while (release_block());
  return !threads_.empty();
}

void Worker::wait(State state, unsigned mask, int line) {
  unsigned me = current_;
  threads_[me].state = state;
  threads_[me].mask = mask;
  threads_[me].line = line;
  scheduler_.resume(*threads_[me].fiber);
}

const uint64_t* Worker::exchange(unsigned mask, uint64_t value, int line) {
  threads_[current_].given = value;
  wait(State::kAtWarp, mask, line);
  return &received_[current_ / kWarp * kWarp];
}

}  // namespace

void block_barrier(int line) { worker.wait(State::kAtBarrier, 0, line); }

const uint64_t* warp_exchange(unsigned mask, uint64_t value, int line) {
  return worker.exchange(mask, value, line);
}

unsigned thread_number() { return worker.current(); }

bool run(const Launch& launch) {
  static std::atomic<unsigned> launches{0};
  bool descending = launches.fetch_add(1) % 2 != 0;
  uint64_t blocks = uint64_t{launch.grid.x} * launch.grid.y * launch.grid.z;
  std::atomic<uint64_t> next{0};
  std::atomic<bool> good{true};
  share_out(blocks * launch.kernel->threads, [&] {
    poison_shared();
    std::unique_ptr<unsigned char[]> dynamic(new unsigned char[launch.shared_bytes]);
    for (uint64_t block; good && (block = next++) < blocks;) {
      memset(dynamic.get(), 0xff, launch.shared_bytes);
      position.dynamic = dynamic.get();
      if (!worker.run_block(launch, block, descending)) good = false;
    }
  });
  return good;
}

}  // namespace emulator
