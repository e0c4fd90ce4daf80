// libcublas.so.12 over the emulated driver: the calls of cuBLAS that mpdp makes, as plain loops, so
// that programs whose networks a library multiplies run where there is none. For tests only. Like
// the driver it is unforgiving: matrices and workspace must lie in device memory, and a product
// leaves NaN in its workspace.
#include <limits>

#include "arithmetic.h"
#include "driver.h"

#define API(result, name, ...) \
  extern "C" __attribute__((visibility("default"))) result name(__VA_ARGS__)

namespace {

enum Status { kOk = 0, kNotInitialized = 1, kInvalid = 7, kExecutionFailed = 13 };
constexpr int kVersion = 120000, kTransposed = 1, kTf32 = 3;
constexpr uint64_t kWorkspaceAlignment = 256;

struct Handle {
  emulator::Stream* stream = nullptr;
  void* workspace = nullptr;
  size_t workspace_bytes = 0;
  int math = 0;
};

// Column-major, one for each member of a batch.
struct Matrix {
  float* data;
  int64_t ld, stride;
  bool transposed;

  float& at(int64_t member, int64_t row, int64_t column) const {
    return data[member * stride + (transposed ? column + row * ld : row + column * ld)];
  }
  // Whether (rows, columns) of every member lie in one allocation.
  bool valid(const emulator::Driver& driver, int64_t rows, int64_t columns, int64_t batch) const {
    if (transposed) std::swap(rows, columns);
    int64_t words = (batch - 1) * stride + (columns - 1) * ld + rows;
    return ld >= rows && driver.holds(reinterpret_cast<uint64_t>(data), words * sizeof(float));
  }
};

struct Product {
  Matrix a, b, c;
  int m, n, k, batch;
  float alpha, beta;
  Handle handle;

  bool valid(const emulator::Driver& driver) const {
    return m > 0 && n > 0 && k > 0 && batch > 0 && a.valid(driver, m, k, batch) &&
           b.valid(driver, k, n, batch) && c.valid(driver, m, n, batch) &&
           driver.holds(reinterpret_cast<uint64_t>(handle.workspace), handle.workspace_bytes);
  }

  // To TF32, if that is allowed.
  float rounded(float value) const {
    if (handle.math != kTf32) return value;
    return mpdp_same_bits<float>((mpdp_same_bits<uint32_t>(value) + 0x1000u) & 0xffffe000u);
  }

  float sum(int64_t member, int row, int column) const {
    float sum = 0.0f;
    for (int i = 0; i < k; i++) {
      sum = fmaf(rounded(a.at(member, row, i)), rounded(b.at(member, i, column)), sum);
    }
    return sum;
  }

  bool run() const {
    for (int64_t member = 0; member < batch; member++) {
      for (int column = 0; column < n; column++) {
        for (int row = 0; row < m; row++) {
          float& to = c.at(member, row, column);
          float product = alpha * sum(member, row, column);
          to = beta == 0.0f ? product : product + beta * to;
        }
      }
    }
    std::fill_n(static_cast<float*>(handle.workspace), handle.workspace_bytes / sizeof(float),
                std::numeric_limits<float>::quiet_NaN());
    return true;
  }
};

}  // namespace

API(int, cublasCreate_v2, Handle** handle) {
  if (emulator::Driver::setting("MPDP_EMULATOR_CUBLAS_FAILS", 0)) return kNotInitialized;
  *handle = new Handle;
  return kOk;
}
API(int, cublasDestroy_v2, Handle* handle) {
  delete handle;
  return kOk;
}
API(int, cublasGetVersion_v2, Handle*, int* version) {
  *version = kVersion;
  return kOk;
}
API(const char*, cublasGetStatusName, int status) {
  return status == kNotInitialized ? "CUBLAS_STATUS_NOT_INITIALIZED"
         : status == kInvalid      ? "CUBLAS_STATUS_INVALID_VALUE"
                                   : "CUBLAS_STATUS_EXECUTION_FAILED";
}
// Forgets the workspace, as cuBLAS does.
API(int, cublasSetStream_v2, Handle* handle, emulator::Stream* stream) {
  handle->stream = stream;
  handle->workspace = nullptr;
  return kOk;
}
API(int, cublasSetWorkspace_v2, Handle* handle, void* workspace, size_t bytes) {
  handle->workspace = workspace;
  handle->workspace_bytes = bytes;
  return reinterpret_cast<uint64_t>(workspace) % kWorkspaceAlignment == 0 ? kOk : kInvalid;
}
API(int, cublasSetMathMode, Handle* handle, int mode) {
  handle->math = mode;
  return mode == 0 || mode == kTf32 ? kOk : kInvalid;
}
API(int, cublasSgemmStridedBatched, Handle* handle, int transpose_a, int transpose_b, int m, int n,
    int k, const float* alpha, float* a, int lda, long long stride_a, float* b, int ldb,
    long long stride_b, const float* beta, float* c, int ldc, long long stride_c, int batch) {
  emulator::Locked driver;
  Product product{{a, lda, stride_a, transpose_a == kTransposed},
                  {b, ldb, stride_b, transpose_b == kTransposed},
                  {c, ldc, stride_c, false},
                  m,
                  n,
                  k,
                  batch,
                  *alpha,
                  *beta,
                  *handle};
  if (!product.valid(driver.driver)) return kInvalid;
  bool submitted = driver->submit(handle->stream, [=] { return product.run(); }) == 0;
  return submitted ? kOk : kExecutionFailed;
}
