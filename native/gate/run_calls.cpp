// Runs dumped ops once with a given libmpdp_cpu.so, for counting instructions under callgrind:
//   run_calls LIBRARY DUMP
// The format of the dump is that of mpdp.benchmark.gate.CallDump.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "mpdp/call.h"

namespace {

using mpdp::Call;

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "run_calls: %s\n", why.c_str());
  std::exit(1);
}

class Reader {
 public:
  explicit Reader(const char* path) : file_(std::fopen(path, "rb")) {
    if (!file_) fail(std::string("cannot read ") + path);
  }
  ~Reader() { std::fclose(file_); }
  int64_t word() {
    int64_t value;
    bytes(&value, sizeof value);
    return value;
  }
  double number() {
    double value;
    bytes(&value, sizeof value);
    return value;
  }
  void bytes(void* target, size_t count) {
    if (std::fread(target, 1, count, file_) != count) fail("the dump is cut short");
  }
  std::string text() {
    size_t length = static_cast<size_t>(word());
    std::string padded((length + 7) / 8 * 8, '\0');
    bytes(padded.data(), padded.size());
    return padded.substr(0, length);
  }

 private:
  std::FILE* file_;
};

template <class Function>
Function symbol(void* library, const char* name) {
  void* address = dlsym(library, name);
  if (!address) fail(std::string("the library lacks ") + name);
  return reinterpret_cast<Function>(address);
}

int64_t op_index(void* library, const std::string& name) {
  auto op_name = symbol<const char* (*)(int)>(library, "mpdp_op_name");
  for (int i = 0; op_name(i); i++) {
    if (name == op_name(i)) return i;
  }
  fail("the library has no op " + name);
}

Call read_call(Reader& in, void* library, std::vector<int64_t>* operands) {
  Call call = {};
  call.op = op_index(library, in.text());
  int64_t integers = in.word();
  for (int64_t i = 0; i < integers; i++) call.integers[i] = in.word();
  int64_t numbers = in.word();
  for (int64_t i = 0; i < numbers; i++) call.numbers[i] = in.number();
  operands->resize(static_cast<size_t>(in.word()));
  for (int64_t& operand : *operands) operand = in.word();
  return call;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) fail("usage: run_calls LIBRARY DUMP");
  void* library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
  if (!library) fail(dlerror());
  Reader in(arguments[2]);
  std::vector<Call> calls(static_cast<size_t>(in.word()));
  std::vector<std::vector<int64_t>> operands(calls.size());
  for (size_t i = 0; i < calls.size(); i++) calls[i] = read_call(in, library, &operands[i]);
  std::vector<void*> buffers(static_cast<size_t>(in.word()));
  for (void*& buffer : buffers) {
    size_t bytes = (static_cast<size_t>(in.word()) + 1) / 2 * 8;
    buffer = std::aligned_alloc(64, (bytes + 63) / 64 * 64);
    if (!buffer) fail("out of memory");
    in.bytes(buffer, bytes);
  }
  for (size_t i = 0; i < calls.size(); i++) {
    for (size_t b = 0; b < operands[i].size(); b++) {
      if (operands[i][b] >= 0) calls[i].buffers[b] = buffers[static_cast<size_t>(operands[i][b])];
    }
  }
  void* engine = symbol<void* (*)(int, int)>(library, "mpdp_create")(1, -1);
  if (!engine) fail("the library cannot start");
  auto run = symbol<int64_t (*)(void*, const Call*, int64_t)>(library, "mpdp_run");
  for (const Call& call : calls) run(engine, &call, 1);
  return 0;
}
