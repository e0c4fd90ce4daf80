// Global norm, clipping scale and the guard against non-finite gradients; see
// mpdp.backend.op.GradientClip. Blocks sum chunks of fixed size in double, 4 bytes a word, 16 bytes
// at a time where they are aligned: chunks are as short as a block, so that a network of usual size
// has one for every multiprocessor. Then one block adds the chunks' sums in a fixed order and
// decides.
//   scratch: double (chunks)
#include "math.cuh"
#include "sum.cuh"

namespace mpdp::gradient_clip {
using namespace operands::gradient_clip;
constexpr int kThreads = 256;
constexpr int64_t kChunk = 4 * kThreads;  // RowLaunches.CLIP_WORDS of the launch table

MPDP_DEVICE double squared(float x) { return static_cast<double>(x) * static_cast<double>(x); }

}  // namespace mpdp::gradient_clip

MPDP_KERNEL(gradient_clip, 256) {
  using namespace mpdp::gradient_clip;
  const float* gradients = call.in(kGradients);  // (words)
  int64_t from = static_cast<int64_t>(blockIdx.x) * kChunk + 4 * threadIdx.x;
  int64_t end = mpdp::least(from + 4, call.size(kWords));
  double sum = 0;
  if (mpdp::aligned16(gradients) && end == from + 4) {
    float4 g = reinterpret_cast<const float4*>(gradients)[from / 4];
    sum = squared(g.x) + squared(g.y) + squared(g.z) + squared(g.w);
  } else {
    for (int64_t i = from; i < end; i++) sum += squared(gradients[i]);
  }
  sum = mpdp::block_sum<kThreads>(sum);
  if (threadIdx.x == 0) reinterpret_cast<double*>(scratch)[blockIdx.x] = sum;
}

MPDP_KERNEL(gradient_clip_decide, 256) {
  using namespace mpdp::gradient_clip;
  int64_t chunks = (call.size(kWords) + kChunk - 1) / kChunk;
  const double* sums = reinterpret_cast<const double*>(scratch);
  float* clip = call.out(kClip);             // (scale, skip, steps, norm, skipped)
  float steps = clip[2], skipped = clip[4];  // read now, not after the sum
  double squares = mpdp::block_sum_of<kThreads>(chunks, [=](int64_t c) { return sums[c]; });
  if (threadIdx.x != 0) return;
  float norm = static_cast<float>(sqrt(squares)), maximum = call.number(kMaxNorm);
  bool finite = norm < mpdp::kInfinity;  // false for a NaN
  clip[0] = !finite ? 0.0f : maximum > 0 && norm > maximum ? maximum / norm : 1.0f;
  clip[1] = finite ? 0.0f : 1.0f;
  clip[2] = steps + (finite ? 1.0f : 0.0f);
  clip[3] = norm;
  clip[4] = skipped + (finite ? 0.0f : 1.0f);
}
