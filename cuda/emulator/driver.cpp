#include "driver.h"

#include <algorithm>
#include <cstdlib>
#include <random>

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

Result Driver::submit(Stream* stream, Work work) {
  if (error != kSuccess) return error;
  if (!current) return kInvalidContext;
  if (stream->captured) {
    std::vector<Node>& nodes = stream->captured->nodes;
    std::vector<size_t> after;
    if (!nodes.empty()) after.push_back(nodes.size() - 1);
    nodes.push_back({std::move(work), after});
    return kSuccess;
  }
  stream->work.push_back(std::move(work));
  return stream->work.size() < kMostPending ? kSuccess : finish(stream);
}

Result Driver::finish(Stream* stream) {
  if (stream->captured) return kCaptureUnsupported;
  while (!stream->work.empty()) {
    Work work = std::move(stream->work.front());
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

bool Graph::run() const {
  if (nodes.size() == 1) return nodes[0].work();  // a captured part: no order to choose
  static std::minstd_rand random;                 // of the same numbers in every process
  static unsigned launches = 0;
  bool last_first = launches++ % 2 == 0;
  std::vector<bool> done(nodes.size());
  std::vector<size_t> ready;
  for (size_t ended = 0; ended < nodes.size(); ended++) {
    ready.clear();
    for (size_t i = 0; i < nodes.size(); i++) {
      auto has_ended = [&](size_t before) { return done[before]; };
      const std::vector<size_t>& after = nodes[i].after;
      if (!done[i] && std::all_of(after.begin(), after.end(), has_ended)) ready.push_back(i);
    }
    size_t chosen = last_first ? ready.back() : ready[random() % ready.size()];
    if (!nodes[chosen].work()) return false;
    done[chosen] = true;
  }
  return true;
}

}  // namespace emulator
