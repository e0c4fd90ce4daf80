#include "pool.h"

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace emulator {
namespace {

// Waking a helper costs about as much as this many CUDA threads of a simple kernel.
constexpr uint64_t kWorthWaking = 4096;

unsigned helper_count() {
#ifdef __SANITIZE_ADDRESS__
  return 0;  // __shared__ variables are plain statics: see block.h
#else
  const char* wanted = getenv("MPDP_EMULATOR_THREADS");
  unsigned threads = wanted ? atoi(wanted) : std::thread::hardware_concurrency();
  return threads > 1 ? threads - 1 : 0;
#endif
}

class Pool {
 public:
  Pool() : helpers_(helper_count()) {
    for (unsigned i = 0; i < helpers_; i++) std::thread([this] { help(); }).detach();
  }

  void run(const std::function<void()>& work) {
    if (helpers_ == 0) return work();
    {
      std::lock_guard lock(mutex_);
      work_ = &work;
      round_++;
      busy_ = helpers_;
    }
    wake_.notify_all();
    work();
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return busy_ == 0; });
  }

 private:
  void help() {
    std::unique_lock lock(mutex_);
    for (uint64_t seen = 0;;) {
      wake_.wait(lock, [&] { return round_ != seen; });
      seen = round_;
      const std::function<void()>& work = *work_;
      lock.unlock();
      work();
      lock.lock();
      if (--busy_ == 0) done_.notify_one();
    }
  }

  const unsigned helpers_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  const std::function<void()>* work_ = nullptr;
  uint64_t round_ = 0;
  unsigned busy_ = 0;
};

}  // namespace

void share_out(uint64_t cuda_threads, const std::function<void()>& work) {
  static Pool* pool = new Pool;  // its threads live as long as the process
  if (cuda_threads < kWorthWaking) {
    work();
  } else {
    pool->run(work);
  }
}

}  // namespace emulator
