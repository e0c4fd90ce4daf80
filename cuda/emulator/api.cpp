// libcuda.so.1 over kernels compiled for the CPU: the calls of the driver API that mpdp makes, so
// that the cuda back end, its Java binding included, runs where there is no GPU. For tests only;
// the device calls itself an emulator.
#include <cstdio>

#include "driver.h"

#define API(name, ...) extern "C" __attribute__((visibility("default"))) int name(__VA_ARGS__)

using emulator::Driver;
using emulator::Locked;
using emulator::Stream;
using Device = uint64_t;

namespace {

constexpr unsigned kFatbinMagic = 0xba55ed50;
constexpr unsigned kDefaultShared = 48 * 1024;
constexpr int kAttributeMajor = 75, kAttributeMinor = 76, kAttributeMultiprocessors = 16;
constexpr int kAttributeThreads = 39, kAttributeMostShared = 97;
constexpr int kFunctionAttributeDynamicShared = 8;

// An H100, or what a test sets.
int most_shared() { return Driver::setting("MPDP_EMULATOR_SHARED_BYTES", 227 * 1024); }
int multiprocessors() { return Driver::setting("MPDP_EMULATOR_MULTIPROCESSORS", 132); }

// CUDA_KERNEL_NODE_PARAMS_v2, as far as it is used.
struct KernelNode {
  const emulator::Kernel* kernel;
  emulator::Index grid, block;
  unsigned shared_bytes;
  void** parameters;
};

// Work that launches the kernel with a copy of its parameters, if it may be launched so.
emulator::Result make_work(Driver& driver, emulator::Work* work, const emulator::Kernel* kernel,
                           emulator::Index grid, emulator::Index block, unsigned shared_bytes,
                           void** parameters) {
  auto limit = driver.shared_limit.find(kernel);
  unsigned allowed = limit == driver.shared_limit.end() ? kDefaultShared : limit->second;
  // A GPU runs fewer threads than a kernel was declared with; here that is taken for a mistake.
  if (block.x != kernel->threads || block.y != 1 || block.z != 1 || shared_bytes > allowed ||
      !grid.x || !grid.y || !grid.z || grid.y > 65535 || grid.z > 65535) {
    fprintf(stderr,
            "emulator: %s was declared with %u threads and may have %u bytes of shared memory, "
            "but was launched with %u and %u\n",
            kernel->name, kernel->threads, allowed, block.x, shared_bytes);
    return emulator::kInvalidValue;
  }
  auto* parameter = static_cast<const std::byte*>(parameters[0]);
  std::vector<std::byte> copy(parameter, parameter + kernel->parameter_bytes);
  float* scratch = kernel->scratch ? *static_cast<float**>(parameters[1]) : nullptr;
  *work = [=] { return emulator::run({kernel, grid, shared_bytes, copy.data(), scratch}); };
  return driver.error;
}

// Adds `work` to the graph. Nodes are known by their number, and one more: null is none.
emulator::Result add_node(emulator::Graph* graph, const uint64_t* after, size_t count,
                          emulator::Work work, uint64_t* node) {
  emulator::Node made{std::move(work), {}};
  for (size_t i = 0; i < count; i++) {
    if (after[i] == 0 || after[i] > graph->nodes.size()) return emulator::kInvalidValue;
    made.after.push_back(after[i] - 1);
  }
  graph->nodes.push_back(made);
  *node = graph->nodes.size();
  return emulator::kSuccess;
}

}  // namespace

API(cuInit, unsigned) {
  return Driver::setting("MPDP_EMULATOR_DEVICES", 1) ? emulator::kSuccess : emulator::kNoDevice;
}
API(cuDriverGetVersion, int* version) {
  *version = Driver::setting("MPDP_EMULATOR_VERSION", 13000);
  return 0;
}
API(cuGetErrorName, int result, const char** name) {
  *name = result == emulator::kLaunchFailed  ? "CUDA_ERROR_LAUNCH_FAILED"
          : result == emulator::kOutOfMemory ? "CUDA_ERROR_OUT_OF_MEMORY"
                                             : "CUDA_ERROR";
  return 0;
}
API(cuDeviceGetCount, int* count) {
  *count = Driver::setting("MPDP_EMULATOR_DEVICES", 1);
  return 0;
}
API(cuDeviceGet, int* device, int ordinal) {
  *device = ordinal;
  return ordinal == 0 ? emulator::kSuccess : emulator::kNoDevice;
}
API(cuDeviceGetName, char* name, int length, int) {
  snprintf(name, length, "emulator (no GPU)");
  return 0;
}
API(cuDeviceGetAttribute, int* value, int attribute, int) {
  *value = attribute == kAttributeMajor             ? 9
           : attribute == kAttributeMinor           ? 0
           : attribute == kAttributeMultiprocessors ? multiprocessors()
           : attribute == kAttributeThreads         ? 2048
           : attribute == kAttributeMostShared      ? most_shared()
                                                    : 0;
  return 0;
}
API(cuDeviceTotalMem_v2, size_t* bytes, int) {
  *bytes = Driver::instance().total();
  return 0;
}
API(cuDevicePrimaryCtxRetain, void** context, int) {
  *context = &Driver::instance();
  return 0;
}
API(cuDevicePrimaryCtxRelease_v2, int) { return 0; }
API(cuCtxSetCurrent, void* context) {
  Locked driver;
  driver->current = context != nullptr;
  return 0;
}
API(cuCtxSynchronize, ) {
  Locked driver;
  driver->finish_all();
  return driver->error;
}

API(cuModuleLoadData, void** module, const void* image) {
  unsigned magic;
  memcpy(&magic, image, sizeof(magic));
  if (magic == kFatbinMagic) {
    int refusal = Driver::setting("MPDP_EMULATOR_REFUSE_FATBIN", 0);
    if (refusal) return refusal;
  } else if (strncmp(static_cast<const char*>(image), "//", 2) != 0) {
    return emulator::kInvalidImage;
  }
  *module = new char;
  return 0;
}
API(cuModuleUnload, void* module) {
  delete static_cast<char*>(module);
  return 0;
}
API(cuModuleGetFunction, void** function, void*, const char* name) {
  *function = const_cast<emulator::Kernel*>(emulator::Kernel::find(name));
  return *function ? emulator::kSuccess : emulator::kNotFound;
}
API(cuFuncSetAttribute, void* function, int attribute, int value) {
  Locked driver;
  if (attribute != kFunctionAttributeDynamicShared || value > int{most_shared()}) {
    return emulator::kInvalidValue;
  }
  driver->shared_limit[static_cast<emulator::Kernel*>(function)] = value;
  return 0;
}

API(cuMemAlloc_v2, Device* address, size_t bytes) {
  Locked driver;
  return driver->error ? driver->error : driver->allocate(address, bytes);
}
API(cuMemFree_v2, Device address) {
  Locked driver;
  emulator::Result freed = driver->free(address);
  return driver->error ? driver->error : freed;
}
API(cuMemGetInfo_v2, size_t* free, size_t* total) {
  Locked driver;
  *total = driver->total();
  *free = driver->total() - driver->used();
  return 0;
}
API(cuMemHostAlloc, void** memory, size_t bytes, unsigned) {
  *memory = malloc(bytes);
  return *memory ? emulator::kSuccess : emulator::kOutOfMemory;
}
API(cuMemFreeHost, void* memory) {
  Locked driver;
  driver->finish_all();
  free(memory);
  return 0;
}
API(cuMemcpyHtoDAsync_v2, Device target, const void* source, size_t bytes, Stream* stream) {
  Locked driver;
  if (!driver->holds(target, bytes)) return emulator::kInvalidValue;
  return driver->submit(stream, [=] {
    memcpy(reinterpret_cast<void*>(target), source, bytes);
    return true;
  });
}
API(cuMemcpyDtoHAsync_v2, void* target, Device source, size_t bytes, Stream* stream) {
  Locked driver;
  if (!driver->holds(source, bytes)) return emulator::kInvalidValue;
  return driver->submit(stream, [=] {
    memcpy(target, reinterpret_cast<void*>(source), bytes);
    return true;
  });
}
API(cuMemsetD8Async, Device target, unsigned char value, size_t bytes, Stream* stream) {
  Locked driver;
  if (!driver->holds(target, bytes)) return emulator::kInvalidValue;
  return driver->submit(stream, [=] {
    memset(reinterpret_cast<void*>(target), value, bytes);
    return true;
  });
}

API(cuStreamCreate, Stream** stream, unsigned) {
  Locked driver;
  *stream = new Stream;
  driver->add(*stream);
  return 0;
}
API(cuStreamSynchronize, Stream* stream) {
  Locked driver;
  return driver->finish(stream);
}
API(cuStreamDestroy_v2, Stream* stream) {
  Locked driver;
  driver->remove(stream);
  return 0;
}
using Graph = emulator::Graph;
using GraphExec = std::shared_ptr<Graph>;

API(cuGraphCreate, Graph** graph, unsigned) {
  *graph = new Graph;
  return 0;
}
API(cuGraphAddKernelNode_v2, uint64_t* node, Graph* graph, const uint64_t* after, size_t count,
    const KernelNode* wanted) {
  Locked driver;
  emulator::Work work;
  emulator::Result result = make_work(driver.driver, &work, wanted->kernel, wanted->grid,
                                      wanted->block, wanted->shared_bytes, wanted->parameters);
  return result == emulator::kSuccess ? add_node(graph, after, count, work, node) : result;
}
// Of a copy, as it is now.
API(cuGraphAddChildGraphNode, uint64_t* node, Graph* graph, const uint64_t* after, size_t count,
    const Graph* child) {
  Locked driver;
  return add_node(
      graph, after, count, [copy = *child] { return copy.run(); }, node);
}
API(cuStreamBeginCapture_v2, Stream* stream, int) {
  Locked driver;
  if (stream->captured) return emulator::kIllegalState;
  stream->captured = std::make_unique<Graph>();
  return 0;
}
API(cuStreamEndCapture, Stream* stream, Graph** graph) {
  Locked driver;
  if (!stream->captured) return emulator::kIllegalState;
  *graph = stream->captured.release();
  return 0;
}
API(cuGraphInstantiateWithFlags, GraphExec** executable, Graph* graph, uint64_t) {
  *executable = new GraphExec(std::make_shared<Graph>(*graph));
  return 0;
}
API(cuGraphLaunch, GraphExec* executable, Stream* stream) {
  Locked driver;
  return driver->submit(stream, [graph = *executable] { return graph->run(); });
}
API(cuGraphDestroy, Graph* graph) {
  delete graph;
  return 0;
}
API(cuGraphExecDestroy, GraphExec* executable) {
  delete executable;
  return 0;
}

API(cuLaunchKernel, emulator::Kernel* kernel, unsigned grid_x, unsigned grid_y, unsigned grid_z,
    unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared_bytes, Stream* stream,
    void** parameters, void**) {
  Locked driver;
  emulator::Work work;
  emulator::Result result = make_work(driver.driver, &work, kernel, {grid_x, grid_y, grid_z},
                                      {block_x, block_y, block_z}, shared_bytes, parameters);
  return result == emulator::kSuccess ? driver->submit(stream, work) : result;
}
