// Elementary functions for loops that the compiler vectorises: no branches, no tables, no calls.
// A few ulp of error; NaN stays NaN, infinities and overflow as in the C library. Everything here
// lives in the namespace of the instruction set it is compiled for.
#pragma once
#include <cstdint>

namespace mpdp::MPDP_ISA {

inline constexpr float kInfinity = __builtin_inff();
inline constexpr float kNan = __builtin_nanf("");
// Adding it rounds a small float to the nearest integer, left in the low mantissa bits.
inline constexpr float kRounder = 12582912.0f;  // 1.5 * 2^23

inline uint32_t bits_of(float x) { return __builtin_bit_cast(uint32_t, x); }
inline float float_of(uint32_t bits) { return __builtin_bit_cast(float, bits); }
inline float absolute(float x) { return float_of(bits_of(x) & 0x7FFFFFFFu); }
inline float square(float x) { return x * x; }
inline float clamp(float x, float low, float high) {  // NaN stays NaN
  float raised = x < low ? low : x;
  return raised > high ? high : raised;
}
inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

// e^x = 2^n e^r with |r| <= log(2) / 2; 2^n in two factors, so that the ends of the range round
// to 0, denormals and infinity.
inline float exp(float x) {
  float bounded = clamp(x, -104.0f, 89.0f);
  float rounded = bounded * 1.44269504f + kRounder;
  int32_t n = static_cast<int32_t>(bits_of(rounded) - bits_of(kRounder));
  float whole = rounded - kRounder;
  float r = (bounded - whole * 0.693359375f) + whole * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  int32_t half = n >> 1;
  float first = float_of(static_cast<uint32_t>(half + 127) << 23);
  float second = float_of(static_cast<uint32_t>(n - half + 127) << 23);
  return p * first * second;
}

// log(m 2^k) = k log 2 + 2 atanh((m - 1) / (m + 1)), m in [sqrt(1/2), sqrt(2)).
inline float log(float x) {
  bool tiny = x < 1.17549435e-38f;
  float scaled = tiny ? x * 8388608.0f : x;
  uint32_t shifted = bits_of(scaled) + (0x3F800000u - 0x3F3504F3u);
  float k = static_cast<float>(static_cast<int32_t>(shifted >> 23) - 127) - (tiny ? 23.0f : 0.0f);
  float f = float_of((shifted & 0x007FFFFFu) + 0x3F3504F3u) - 1.0f;
  float s = f / (2.0f + f), z = s * s, w = z * z;
  float series =
      z * (0.66666662693f + w * 0.28498786688f) + w * (0.40000972152f + w * 0.24279078841f);
  float half_square = 0.5f * f * f;
  float value =
      s * (half_square + series) + k * 9.0580006145e-06f - half_square + f + k * 0.69313812256f;
  value = x == 0.0f ? -kInfinity : value;
  value = x == kInfinity ? x : value;
  return x >= 0.0f ? value : kNan;
}

// log(1 + x) for x in [0, 1]: 2 atanh(x / (2 + x)) by its series.
inline float log1p_unit(float x) {
  float s = x / (2.0f + x), z = s * s;
  float p = 1.0f / 15;
  p = p * z + 1.0f / 13;
  p = p * z + 1.0f / 11;
  p = p * z + 1.0f / 9;
  p = p * z + 1.0f / 7;
  p = p * z + 1.0f / 5;
  p = p * z + 1.0f / 3;
  return 2.0f * s + 2.0f * s * z * p;
}

// log(1 + e^x) with its derivative sigmoid(x) and the complement 1 - sigmoid(x), from one e^-|x|.
struct Softplus {
  float value, slope, complement;
};
inline Softplus softplus_slope(float x) {
  float e = exp(-absolute(x));
  float large = 1.0f / (1.0f + e), small = e * large;
  bool positive = x > 0.0f;
  return {(positive ? x : 0.0f) + log1p_unit(e), positive ? large : small,
          positive ? small : large};
}
inline float softplus(float x) { return softplus_slope(x).value; }

inline float tanh(float x) {
  float size = absolute(x), z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  float near_zero = x + x * z * p;
  float far = 1.0f - 2.0f / (exp(2.0f * size) + 1.0f);
  float signed_far = x < 0.0f ? -far : far;
  return size < 0.625f ? near_zero : signed_far;
}

// sin and cos of 2 pi turns, turns in [0, 1): exact reduction to a quarter turn.
inline void sincos_turns(float turns, float* sine, float* cosine) {
  float rounded = turns * 4.0f + kRounder;
  uint32_t quarter = bits_of(rounded);
  float x = (turns * 4.0f - (rounded - kRounder)) * 1.57079632679f, z = x * x;
  float s = -1.9515295891e-4f * z + 8.3321608736e-3f;
  s = (s * z - 1.6666654611e-1f) * z * x + x;
  float c = 2.443315711809948e-5f * z - 1.388731625493765e-3f;
  c = (c * z + 4.166664568298827e-2f) * (z * z) - 0.5f * z + 1.0f;
  bool swap = (quarter & 1u) != 0;
  *sine = float_of(bits_of(swap ? c : s) ^ ((quarter & 2u) << 30));
  *cosine = float_of(bits_of(swap ? s : c) ^ (((quarter + 1u) & 2u) << 30));
}

}  // namespace mpdp::MPDP_ISA
