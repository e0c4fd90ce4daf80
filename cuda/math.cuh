// Elementary functions that several kernels share: the soft clamp of a log-variance, softplus with
// its derivatives, and moves of 16 bytes. NaN stays NaN throughout.
#pragma once
#include "common.cuh"

namespace mpdp {

constexpr float kInfinity = __builtin_huge_valf();

MPDP_DEVICE float square(float x) { return x * x; }
MPDP_DEVICE int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
MPDP_DEVICE int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
MPDP_DEVICE float clamp_to(float x, float low, float high) {
  float raised = x < low ? low : x;
  return raised > high ? high : raised;
}

// 1 / (1 + e^-x), a few units of 2^-24 off.
MPDP_DEVICE float sigmoid(float x) {
#if defined(MPDP_EMULATOR)
  return 1.0f / (1.0f + expf(-x));
#else
  float e, s;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(e) : "f"(x * -1.44269504f));
  asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(s) : "f"(1.0f + e));
  return s;
#endif
}

// log(1 + e^x) with its derivative sigmoid(x) and the complement 1 - sigmoid(x), from one e^-|x|.
struct Softplus {
  float value, slope, complement;
};
MPDP_DEVICE Softplus softplus_slope(float x) {
  float e = expf(-fabsf(x));
  float large = 1.0f / (1.0f + e), small = e * large;
  bool positive = x > 0.0f;
  return {(positive ? x : 0.0f) + log1pf(e), positive ? large : small, positive ? small : large};
}

// The soft clamp of a raw log-variance into (min, max) (PETS):
//   upper = max - softplus(max - raw), lv = min + softplus(upper - min),
// with d lv / d raw = sigmoid(max - raw) sigmoid(upper - min) and the derivatives by the bounds.
struct LogVariance {
  float value, by_raw, by_max, by_min;
};
MPDP_DEVICE LogVariance log_variance(float raw, float max, float min) {
  Softplus below = softplus_slope(max - raw);
  Softplus above = softplus_slope((max - below.value) - min);
  return {min + above.value, below.slope * above.slope, below.complement * above.slope,
          above.complement};
}

// target = or += value.
MPDP_DEVICE void put(float* target, float value, bool accumulate) {
  *target = accumulate ? *target + value : value;
}

// Whether 16 bytes at a time may be moved. Arenas align to 64 bytes, but a slice starts anywhere.
MPDP_DEVICE bool aligned16(const void* p) { return (reinterpret_cast<uintptr_t>(p) & 15) == 0; }

}  // namespace mpdp
