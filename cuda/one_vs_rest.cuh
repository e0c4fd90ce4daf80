// The one-vs-rest moments that disagreement and its backward pass share, for one row and dimension.
// -i is the mixture of all members but i: rest mean = mean of means, rest variance = mean of
// (variance + (mean - rest mean)^2), the documented moment in the form that does not cancel. Sums
// leave member i out instead of subtracting it, for the same reason: members^2 cheap steps.
#pragma once
#include "math.cuh"

namespace mpdp {

struct Rest {
  float mean, variance;
};

template <int kThreads>
struct OneVsRest {
  int members;
  float* mean;      // (members, kThreads), this thread's column: member m at m kThreads
  float* variance;  // (members, kThreads), this thread's column
  float* slope;     // d lv / d raw (members, kThreads), this thread's column, or null

  // `memory` is shared: (2, members, kThreads), or 3 with slopes.
  MPDP_DEVICE OneVsRest(int64_t member_count, float* memory, bool slopes)
      : members(static_cast<int>(member_count)),
        mean(memory + threadIdx.x),
        variance(mean + members * kThreads),
        slope(slopes ? variance + members * kThreads : nullptr) {}

  // `head` is member 0's mean; members are `stride` words apart, raw log-variances `dimensions`.
  MPDP_DEVICE void load(const float* head, int64_t stride, int64_t dimensions, float max,
                        float min) const {
    for (int m = 0; m < members; m++, head += stride) {
      LogVariance lv = log_variance(head[dimensions], max, min);
      mean[m * kThreads] = head[0];
      variance[m * kThreads] = expf(lv.value);
      if (slope) slope[m * kThreads] = lv.by_raw;
    }
  }

  MPDP_DEVICE Rest rest(int i) const {
    float share = 1.0f / static_cast<float>(members - 1), centre = 0.0f, spread = 0.0f;
    for (int j = 0; j < members; j++) centre += j == i ? 0.0f : mean[j * kThreads];
    centre *= share;
    for (int j = 0; j < members; j++) {
      spread += j == i ? 0.0f : variance[j * kThreads] + square(mean[j * kThreads] - centre);
    }
    return {centre, spread * share};
  }

  // Sum over members of KL(member || rest) = (q - 1 - log q + delta^2 / rest variance) / 2 with q =
  // variance / rest variance: members that agree give a tiny value, never a negative one.
  MPDP_DEVICE float divergence() const {
    float sum = 0.0f;
    for (int i = 0; i < members; i++) {
      Rest other = rest(i);
      float q = variance[i * kThreads] / other.variance;
      float delta = mean[i * kThreads] - other.mean;
      sum += 0.5f * (((q - 1.0f) - logf(q)) + delta * delta / other.variance);
    }
    return sum;
  }
};

// u of mpdp.backend.op.Disagreement's LOG scale: log(mean KL + 1e-8).
constexpr int64_t kLogScale = 0;
MPDP_DEVICE float mean_plus_floor(double sum, int64_t terms) {
  return static_cast<float>(sum) / static_cast<float>(terms) + 1e-8f;
}

}  // namespace mpdp
