// A pool for batches of equal work: the caller works too, helpers spin briefly and then sleep.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace mpdp {

class Pool {
 public:
  // work(item, thread) with thread in [0, threads); the caller is thread 0.
  Pool(int threads, std::function<void(int, int)> work);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Runs work on items 0 .. count-1 and returns when all are done.
  void run(int count);

 private:
  void help(int thread);
  void drain(int thread);

  const int threads_;
  const std::function<void(int, int)> work_;
  std::vector<std::thread> helpers_;
  std::mutex mutex_;
  std::condition_variable start_;
  std::condition_variable finish_;
  std::atomic<uint64_t> generation_{0};
  std::atomic<int> next_{0};
  std::atomic<int> busy_{0};
  std::atomic<bool> stop_{false};
  int count_ = 0;
  int chunk_ = 1;
};

}  // namespace mpdp
