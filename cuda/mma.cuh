// Small matrix products on the tensor cores, by whole warps: D += A B with D (16 M, 8 N), A (16 M,
// 8) and B (8, 8 N), from registers. The tensor cores multiply TF32, floats of 10 bits of mantissa,
// and add in fp32. Precision kFloat splits every operand into a TF32 and a rest and adds three
// products: an error near that of fp32 for three times the work. kTf32 multiplies once. kBf16
// rounds operands to bfloat16, which the tensor cores multiply exactly, in pairs.
#pragma once
#include "math.cuh"

namespace mpdp {

enum Precision { kFloat, kTf32, kBf16 };

// Of a fragment, lane l holds, with g = l / 4 and t = l % 4:
//   A: (g, t), (g + 8, t), (g, t + 4), (g + 8, t + 4)      B: (t, g), (t + 4, g)
//   D: (g, 2 t), (g, 2 t + 1), (g + 8, 2 t), (g + 8, 2 t + 1)
// In bfloat16 a register is a pair, (g, t) and (g, t + 4) of A: the tensor cores take these for
// neighbours, of B likewise, and a sum of products does not ask which is which. So fragments are
// loaded in the same way for all precisions.
MPDP_DEVICE int fragment_group(int lane) { return lane / 4; }
MPDP_DEVICE int fragment_turn(int lane) { return lane % 4; }

// Number i of a lane's 4 M N results, as if they were one vector.
template <int M, int N>
MPDP_DEVICE float& nth(float (&d)[M][N][4], int i) {
  return d[i / (4 * N)][i / 4 % N][i % 4];
}
template <int M, int N>
MPDP_DEVICE float nth(const float (&d)[M][N][4], int i) {
  return d[i / (4 * N)][i / 4 % N][i % 4];
}

// Splits x into the nearest TF32 and the rest, of which the tensor cores see the first 11 bits.
template <Precision kPrecision>
MPDP_DEVICE void split(float x, uint32_t& high, uint32_t& low) {
  high = (__float_as_uint(x) + 0x1000u) & 0xffffe000u;
  low = kPrecision == kFloat ? __float_as_uint(x - __uint_as_float(high)) : 0;
}

#if !defined(MPDP_EMULATOR)
MPDP_DEVICE void mma_16x8x8(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
      "{%8, %9}, {%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// d += a b, with all lanes of the warp.
template <int M, int N>
MPDP_DEVICE void mma(float (&d)[M][N][4], const uint32_t (&a)[M][4], const uint32_t (&b)[N][2]) {
#pragma unroll
  for (int i = 0; i < M; i++) {
#pragma unroll
    for (int j = 0; j < N; j++) mma_16x8x8(d[i][j], a[i], b[j]);
  }
}

// The nearest bfloat16 values, ties to even; NaN stays NaN. `low` is in the lower half.
MPDP_DEVICE uint32_t bfloat16_pair(float low, float high) {
  uint32_t pair;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
  return pair;
}

MPDP_DEVICE void mma_pairs_16x8(float (&d)[4], const uint32_t (&a)[2], const uint32_t (&b)[1]) {
  asm("mma.sync.aligned.m16n8k8.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5}, {%6}, "
      "{%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(b[0]));
}
MPDP_DEVICE void mma_pairs_16x8(float (&d)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
      "{%8, %9}, {%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}

// d += a b of kPairs times 8 rows of b, with all lanes of the warp.
template <int M, int N, int kPairs>
MPDP_DEVICE void mma_pairs(float (&d)[M][N][4], const uint32_t (&a)[M][2 * kPairs],
                           const uint32_t (&b)[N][kPairs]) {
#pragma unroll
  for (int i = 0; i < M; i++) {
#pragma unroll
    for (int j = 0; j < N; j++) mma_pairs_16x8(d[i][j], a[i], b[j]);
  }
}
#endif

// d += a b in the precision asked for; the small products first.
template <Precision kPrecision, int M, int N>
MPDP_DEVICE void multiply_add(float (&d)[M][N][4], const float (&a)[M][4], const float (&b)[N][2]) {
  uint32_t a_high[M][4], a_low[M][4], b_high[N][2], b_low[N][2];
#pragma unroll
  for (int i = 0; i < M; i++) {
#pragma unroll
    for (int e = 0; e < 4; e++) split<kPrecision>(a[i][e], a_high[i][e], a_low[i][e]);
  }
#pragma unroll
  for (int j = 0; j < N; j++) {
#pragma unroll
    for (int e = 0; e < 2; e++) split<kPrecision>(b[j][e], b_high[j][e], b_low[j][e]);
  }
  if (kPrecision == kFloat) {
    mma<M, N>(d, a_low, b_high);
    mma<M, N>(d, a_high, b_low);
  }
  mma<M, N>(d, a_high, b_high);
}

// d += a b in bfloat16, of two fragments or of one along the sum.
template <int M, int N, int kPairs>
MPDP_DEVICE void multiply_add_pairs(float (&d)[M][N][4], const float (&a)[kPairs][M][4],
                                    const float (&b)[kPairs][N][2]) {
  uint32_t a_pairs[M][2 * kPairs], b_pairs[N][kPairs];
#pragma unroll
  for (int s = 0; s < kPairs; s++) {
#pragma unroll
    for (int i = 0; i < M; i++) {
      a_pairs[i][2 * s] = bfloat16_pair(a[s][i][0], a[s][i][2]);
      a_pairs[i][2 * s + 1] = bfloat16_pair(a[s][i][1], a[s][i][3]);
    }
#pragma unroll
    for (int j = 0; j < N; j++) b_pairs[j][s] = bfloat16_pair(b[s][j][0], b[s][j][1]);
  }
  mma_pairs<M, N, kPairs>(d, a_pairs, b_pairs);
}

}  // namespace mpdp
