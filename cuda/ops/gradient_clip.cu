// Global norm, clipping scale and the guard against non-finite gradients; see
// mpdp.backend.op.GradientClip. Blocks sum chunks of fixed size in double, 4 bytes a word; then one
// block adds the chunks' sums in a fixed order and decides.
//   scratch: double (chunks)
#include "math.cuh"
#include "sum.cuh"

namespace mpdp::gradient_clip {
constexpr int kThreads = 256;
constexpr int64_t kChunk = 16 * kThreads;  // RowLaunches.CLIP_WORDS of the launch table
}  // namespace mpdp::gradient_clip

MPDP_KERNEL(gradient_clip, 256) {
  using namespace mpdp::gradient_clip;
  int64_t from = static_cast<int64_t>(blockIdx.x) * kChunk;
  const float* gradients = call.in(0) + from;  // (words): one chunk
  int64_t n = mpdp::least(kChunk, call.size(0) - from);
  double sum = mpdp::block_sum_of<kThreads>(n, [=](int64_t i) {
    double value = gradients[i];
    return value * value;
  });
  if (threadIdx.x == 0) reinterpret_cast<double*>(scratch)[blockIdx.x] = sum;
}

MPDP_KERNEL(gradient_clip_decide, 256) {
  using namespace mpdp::gradient_clip;
  int64_t chunks = (call.size(0) + kChunk - 1) / kChunk;
  const double* sums = reinterpret_cast<const double*>(scratch);
  double squares = mpdp::block_sum_of<kThreads>(chunks, [=](int64_t c) { return sums[c]; });
  if (threadIdx.x != 0) return;
  float* clip = call.out(1);  // (scale, skip, steps, norm, skipped)
  float norm = static_cast<float>(sqrt(squares)), maximum = call.number(0);
  bool finite = norm < mpdp::kInfinity;  // false for a NaN
  clip[0] = !finite ? 0.0f : maximum > 0 && norm > maximum ? maximum / norm : 1.0f;
  clip[1] = finite ? 0.0f : 1.0f;
  clip[2] += finite ? 1.0f : 0.0f;
  clip[3] = norm;
  clip[4] += finite ? 0.0f : 1.0f;
}
