#include "driver.h"

#include <algorithm>
#include <cstdlib>

namespace emulator {
namespace {
constexpr size_t kAlignment = 256;
constexpr size_t kMostPending = 1024;  // a driver's queue is full at about this length
}  // namespace

Driver& Driver::instance() {
  static Driver* driver = new Driver;
  return *driver;
}

long Driver::setting(const char* name, long otherwise) {
  const char* value = getenv(name);
  return value ? atol(value) : otherwise;
}

size_t Driver::total() const {
  return static_cast<size_t>(setting("MPDP_EMULATOR_MEMORY_MIB", 8192)) << 20;
}

Result Driver::allocate(uint64_t* address, size_t bytes) {
  void* memory = nullptr;
  if (bytes == 0) return kInvalidValue;
  if (used_ + bytes > total() || posix_memalign(&memory, kAlignment, bytes)) return kOutOfMemory;
  memset(memory, 0xff, bytes);
  *address = reinterpret_cast<uint64_t>(memory);
  memory_[*address] = bytes;
  used_ += bytes;
  return kSuccess;
}

Result Driver::free(uint64_t address) {
  auto found = memory_.find(address);
  if (found == memory_.end()) return kInvalidValue;
  finish_all();
  used_ -= found->second;
  memory_.erase(found);
  ::free(reinterpret_cast<void*>(address));
  return kSuccess;
}

bool Driver::holds(uint64_t address, size_t bytes) const {
  auto after = memory_.upper_bound(address);
  if (after == memory_.begin()) return false;
  auto [start, size] = *std::prev(after);
  return address + bytes <= start + size;
}

Result Driver::submit(Stream* stream, std::function<bool()> work) {
  if (error != kSuccess) return error;
  if (!current) return kInvalidContext;
  stream->work.push_back(std::move(work));
  return stream->work.size() < kMostPending ? kSuccess : finish(stream);
}

Result Driver::finish(Stream* stream) {
  while (!stream->work.empty()) {
    std::function<bool()> work = std::move(stream->work.front());
    stream->work.pop_front();
    if (error == kSuccess && !work()) error = kLaunchFailed;
  }
  return error;
}

void Driver::finish_all() {
  for (Stream* stream : streams_) finish(stream);
}

void Driver::remove(Stream* stream) {
  finish(stream);
  streams_.erase(std::find(streams_.begin(), streams_.end(), stream));
  delete stream;
}

}  // namespace emulator
