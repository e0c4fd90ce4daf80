// The state behind the emulated driver API.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "../common.cuh"

namespace emulator {

// The results of cuda.h that this driver gives.
enum Result {
  kSuccess = 0,
  kInvalidValue = 1,
  kOutOfMemory = 2,
  kNoDevice = 100,
  kInvalidImage = 200,
  kInvalidContext = 201,
  kIllegalState = 401,
  kNotFound = 500,
  kLaunchFailed = 719,
  kCaptureUnsupported = 900,
};

// Work on the device; false if it failed.
using Work = std::function<bool()>;

struct Node {
  Work work;
  std::vector<size_t> after;  // nodes that have to end before this one starts
};

// Runs its nodes in an order that is legal, but not the one that the host may have had in mind: the
// last that can run, or a random one, so that a dependency that is missing gives wrong results.
struct Graph {
  std::vector<Node> nodes;

  bool run() const;
};

// Like a GPU's, a stream does its work later: when somebody waits for it, so that a host that does
// not wait is found out. While it is captured its work becomes nodes of a graph instead.
struct Stream {
  std::deque<Work> work;
  std::unique_ptr<Graph> captured;
};

class Driver {
 public:
  static Driver& instance();

  // A number from the environment: how tests make this driver old, small or without a device.
  static long setting(const char* name, long otherwise);

  std::mutex mutex;
  Result error = kSuccess;  // a kernel failed: everything fails from then on, as on a GPU
  bool current = false;     // a context was made current
  std::map<const Kernel*, unsigned> shared_limit;

  Result allocate(uint64_t* address, size_t bytes);
  Result free(uint64_t address);
  size_t total() const;
  size_t used() const { return used_; }
  // Whether [address, address + bytes) lies in one allocation.
  bool holds(uint64_t address, size_t bytes) const;

  Result submit(Stream* stream, Work work);
  Result finish(Stream* stream);
  void finish_all();
  void add(Stream* stream) { streams_.push_back(stream); }
  void remove(Stream* stream);

 private:
  std::map<uint64_t, size_t> memory_;
  std::vector<Stream*> streams_;
  size_t used_ = 0;
};

// Takes the driver's lock for one call.
struct Locked {
  Driver& driver = Driver::instance();
  std::lock_guard<std::mutex> lock{driver.mutex};
  Driver* operator->() { return &driver; }
};

}  // namespace emulator
