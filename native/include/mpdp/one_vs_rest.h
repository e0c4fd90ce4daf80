// The one-vs-rest moments that disagreement and its backward pass share, for one tile of rows.
//   mean, variance, slope, rest_mean, rest_variance: (members, stride), flat tiles
// -i is the mixture of all members but i: rest_mean = mean of means, rest_variance = mean of
// (variance + (mean - rest_mean)^2), the documented moment in the form that does not cancel. Sums
// leave member i out instead of subtracting it, for the same reason: members^2 cheap steps.
#pragma once
#include <cstdint>

#include "mpdp/gaussian_head.h"
#include "mpdp/tile.h"

namespace mpdp::MPDP_ISA {

struct OneVsRest {
  static constexpr int kArrays = 5;  // of members * stride floats
  int64_t members;
  Tiling tiling;
  float *mean, *variance, *slope, *rest_mean, *rest_variance;
  float *max, *min, *kl;  // (stride)

  static int64_t floats(int64_t members, const Tiling& tiling) {
    return (kArrays * members + 3) * tiling.stride;
  }

  OneVsRest(int64_t member_count, const Tiling& tiles, const float* bounds, float* memory)
      : members(member_count), tiling(tiles) {
    float** arrays[kArrays] = {&mean, &variance, &slope, &rest_mean, &rest_variance};
    for (float** array : arrays) *array = memory, memory += members * tiling.stride;
    max = memory;
    min = max + tiling.stride;
    kl = min + tiling.stride;
    tiling.repeat(bounds, max);
    tiling.repeat(bounds + tiling.width, min);
  }

  // Turns raw log-variances into variances, in place.
  static void head(int64_t n, float* __restrict variance, const float* __restrict max,
                   const float* __restrict min, float* __restrict slope) {
    for (int64_t e = 0; e < n; e++) {
      LogVariance lv = log_variance(variance[e], max[e], min[e]);
      variance[e] = exp(lv.value);
      slope[e] = lv.by_raw;
    }
  }

  static void add(int64_t n, const float* __restrict from, float* __restrict to) {
    for (int64_t e = 0; e < n; e++) to[e] += from[e];
  }

  static void add_spread(int64_t n, const float* __restrict mean, const float* __restrict variance,
                         const float* __restrict centre, float* __restrict to) {
    for (int64_t e = 0; e < n; e++) to[e] += variance[e] + square(mean[e] - centre[e]);
  }

  static void scale(int64_t n, float factor, float* __restrict values) {
    for (int64_t e = 0; e < n; e++) values[e] *= factor;
  }

  // kl += KL(member || rest) = (q - 1 - log q + delta^2 / rest_variance) / 2, q = variance /
  // rest_variance: members that agree give a tiny value, never a negative one.
  static void add_kl(int64_t n, const float* __restrict mean, const float* __restrict variance,
                     const float* __restrict rest_mean, const float* __restrict rest_variance,
                     float* __restrict kl) {
    for (int64_t e = 0; e < n; e++) {
      float q = variance[e] / rest_variance[e];
      kl[e] += 0.5f * (((q - 1.0f) - log(q)) + square(mean[e] - rest_mean[e]) / rest_variance[e]);
    }
  }

  // Loads `count` rows from `first` of heads (members, rows, 2D) and fills all arrays.
  void load(const float* heads, int64_t rows, int64_t first, int64_t count) const {
    int64_t width = 2 * tiling.width, stride = tiling.stride, n = padded(count * tiling.width);
    float share = 1.0f / static_cast<float>(members - 1);
    for (int64_t m = 0; m < members; m++) {
      const float* from = heads + (m * rows + first) * width;
      tiling.pack(from, width, count, mean + m * stride);
      tiling.pack(from + tiling.width, width, count, variance + m * stride);
      head(n, variance + m * stride, max, min, slope + m * stride);
    }
    for (int64_t e = 0; e < n; e++) kl[e] = 0.0f;
    for (int64_t i = 0; i < members; i++) {
      float *centre = rest_mean + i * stride, *spread = rest_variance + i * stride;
      for (int64_t e = 0; e < n; e++) centre[e] = spread[e] = 0.0f;
      for (int64_t j = 0; j < members; j++) {
        if (j != i) add(n, mean + j * stride, centre);
      }
      scale(n, share, centre);
      for (int64_t j = 0; j < members; j++) {
        if (j != i) add_spread(n, mean + j * stride, variance + j * stride, centre, spread);
      }
      scale(n, share, spread);
      add_kl(n, mean + i * stride, variance + i * stride, centre, spread, kl);
    }
  }

  // Sum of KL over members and dimensions of a loaded row.
  float row_sum(int64_t row) const {
    double sum = 0;
    for (int64_t d = 0; d < tiling.width; d++) sum += kl[row * tiling.width + d];
    return static_cast<float>(sum);
  }
};

// u of mpdp.backend.op.Disagreement's LOG scale: log(mean KL + 1e-8).
inline constexpr int64_t kLogScale = 0;
inline float mean_plus_floor(float sum, int64_t terms) {
  return sum / static_cast<float>(terms) + 1e-8f;
}

}  // namespace mpdp::MPDP_ISA
