// The warp-wide matrix products of cuda/mma.cuh: every lane shows the others where its fragments
// are.
#pragma once
#include "warp.h"

namespace mpdp {

namespace emulated_fragments {
struct Given {
  const uint32_t* a;  // (M, 4); of pairs (M, 2 kPairs)
  const uint32_t* b;  // (N, 2); of pairs (N, kPairs)
};
// What the tensor cores see of a word.
inline float tf32(uint32_t word) { return mpdp_same_bits<float>(word & 0xffffe000u); }
inline float bfloat16(uint32_t pair, int half) {
  return mpdp_same_bits<float>(half == 0 ? pair << 16 : pair & 0xffff0000u);
}
}  // namespace emulated_fragments

template <int M, int N>
void mma(float (&d)[M][N][4], const uint32_t (&a)[M][4], const uint32_t (&b)[N][2],
         int line = __builtin_LINE()) {
  using namespace emulated_fragments;
  Given mine = {&a[0][0], &b[0][0]};
  const uint64_t* shown = emulator::warp_exchange(~0u, reinterpret_cast<uint64_t>(&mine), line);
  auto given = [&](int lane) { return *reinterpret_cast<const Given*>(shown[lane]); };
  int g = emulator::lane() / 4, t = emulator::lane() % 4;
  for (int k = 0; k < 8; k++) {
    const uint32_t* rows = given(g * 4 + k % 4).a;
    const uint32_t* left = given(2 * t * 4 + k % 4).b;
    const uint32_t* right = given((2 * t + 1) * 4 + k % 4).b;
    for (int i = 0; i < M; i++) {
      float above = tf32(rows[i * 4 + k / 4 * 2]), below = tf32(rows[i * 4 + k / 4 * 2 + 1]);
      for (int j = 0; j < N; j++) {
        float x = tf32(left[j * 2 + k / 4]), y = tf32(right[j * 2 + k / 4]);
        d[i][j][0] += above * x, d[i][j][1] += above * y;
        d[i][j][2] += below * x, d[i][j][3] += below * y;
      }
    }
  }
  emulator::warp_exchange(~0u, 0, line);  // nobody's fragments change while others read
}

inline uint32_t bfloat16_bits(float x) {
  uint32_t bits = mpdp_same_bits<uint32_t>(x);
  return x == x ? (bits + 0x7fffu + (bits >> 16 & 1)) >> 16 : 0x7fffu;
}
inline uint32_t bfloat16_pair(float low, float high) {
  return bfloat16_bits(low) | bfloat16_bits(high) << 16;
}

template <int M, int N, int kPairs>
void mma_pairs(float (&d)[M][N][4], const uint32_t (&a)[M][2 * kPairs],
               const uint32_t (&b)[N][kPairs], int line = __builtin_LINE()) {
  using namespace emulated_fragments;
  Given mine = {&a[0][0], &b[0][0]};
  const uint64_t* shown = emulator::warp_exchange(~0u, reinterpret_cast<uint64_t>(&mine), line);
  auto given = [&](int lane) { return *reinterpret_cast<const Given*>(shown[lane]); };
  int g = emulator::lane() / 4, t = emulator::lane() % 4;
  for (int k = 0; k < 8 * kPairs; k++) {
    int s = k / 8, pair = k / 2 % 4, half = k % 2;
    const uint32_t* rows = given(g * 4 + pair).a + 2 * s;
    const uint32_t* left = given(2 * t * 4 + pair).b + s;
    const uint32_t* right = given((2 * t + 1) * 4 + pair).b + s;
    for (int i = 0; i < M; i++) {
      float above = bfloat16(rows[2 * kPairs * i], half);
      float below = bfloat16(rows[2 * kPairs * i + 1], half);
      for (int j = 0; j < N; j++) {
        float x = bfloat16(left[kPairs * j], half), y = bfloat16(right[kPairs * j], half);
        d[i][j][0] += above * x, d[i][j][1] += above * y;
        d[i][j][2] += below * x, d[i][j][3] += below * y;
      }
    }
  }
  emulator::warp_exchange(~0u, 0, line);
}

}  // namespace mpdp
