// Tile registers (AMX): one instruction adds products of 16 rows and 16 columns, 32 values deep.
//
// There are 8 registers of 16 rows of 16 words. Words are pairs of bfloat16 values, as in
// bfloat16.h: a tile of A is 16 rows by 16 words of depth, a tile of B 16 words of depth by 16
// columns. Sums are floats. The instructions are in assembler: the compiler knows them only for
// whole files.
#pragma once
#include "mpdp/panel.h"

namespace mpdp::MPDP_ISA {
namespace {

constexpr int64_t kTile = 16;

#if defined(MPDP_TILES)
constexpr bool kHasTiles = true;
#else
constexpr bool kHasTiles = false;
#endif

#if defined(MPDP_TILES) && defined(__AVX512F__)
// This thread's registers while it lives: all of full size.
class TileRegisters {
 public:
  explicit TileRegisters(bool used) : used_(used) {
    if (!used) return;
    struct alignas(64) {
      uint8_t palette = 1, start_row = 0, reserved[14] = {};
      uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
      uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
    } layout;
    asm volatile("ldtilecfg %0" ::"m"(layout));
  }
  ~TileRegisters() {
    if (used_) asm volatile("tilerelease");
  }
  TileRegisters(const TileRegisters&) = delete;

 private:
  bool used_;
};
// 16 rows that are `stride` words apart.
template <int kTo>
MPDP_INLINE void load_tile(const float* from, int64_t stride) {
  asm volatile("tileloadd (%0,%1,1), %%tmm%c2" ::"r"(from), "r"(stride * 4), "i"(kTo) : "memory");
}
template <int kFrom>
MPDP_INLINE void store_tile(float* to, int64_t stride) {
  asm volatile("tilestored %%tmm%c2, (%0,%1,1)" ::"r"(to), "r"(stride * 4), "i"(kFrom) : "memory");
}
template <int kSums, int kA, int kB>
MPDP_INLINE void multiply_tiles() {
  asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" ::"i"(kSums), "i"(kA), "i"(kB));
}
#else
// The same in memory: for tests on CPUs that lack the registers.
struct TileRegisters {
  explicit TileRegisters(bool) {}
};
struct TileMemory {
  float words[kTile][kTile];
};
MPDP_INLINE TileMemory& tile_memory(int i) {
  static thread_local TileMemory tiles[8];
  return tiles[i];
}
template <int kTo>
inline void load_tile(const float* from, int64_t stride) {
  for (int r = 0; r < kTile; r++) {
    __builtin_memcpy(tile_memory(kTo).words[r], from + r * stride, sizeof(float) * kTile);
  }
}
template <int kFrom>
inline void store_tile(float* to, int64_t stride) {
  for (int r = 0; r < kTile; r++) {
    __builtin_memcpy(to + r * stride, tile_memory(kFrom).words[r], sizeof(float) * kTile);
  }
}
template <int kSums, int kA, int kB>
inline void multiply_tiles() {
  auto low = [](float word) { return __builtin_bit_cast(int32_t, word) << 16; };
  auto high = [](float word) { return __builtin_bit_cast(int32_t, word) & ~0xFFFF; };
  auto value = [](int32_t bits) { return __builtin_bit_cast(float, bits); };
  for (int r = 0; r < kTile; r++) {
    for (int k = 0; k < kTile; k++) {
      float a = tile_memory(kA).words[r][k];
      const float* b = tile_memory(kB).words[k];
      float* sums = tile_memory(kSums).words[r];
      for (int c = 0; c < kTile; c++) {
        sums[c] += value(low(a)) * value(low(b[c])) + value(high(a)) * value(high(b[c]));
      }
    }
  }
}
#endif

// The sums of a block (16 R, 16 N), in registers 0 to 3: what they start from, the same for each
// row, and where they end, rows kPairPanel words apart.
template <int R, int N>
MPDP_INLINE void load_sums(const float* start) {
  load_tile<0>(start, 0);
  if constexpr (N > 1) load_tile<1>(start + kTile, 0);
  if constexpr (R > 1) load_tile<2>(start, 0);
  if constexpr (R > 1 && N > 1) load_tile<3>(start + kTile, 0);
}
template <int R, int N>
MPDP_INLINE void store_sums(float* c) {
  store_tile<0>(c, kPairPanel);
  if constexpr (N > 1) store_tile<1>(c + kTile, kPairPanel);
  if constexpr (R > 1) store_tile<2>(c + kTile * kPairPanel, kPairPanel);
  if constexpr (R > 1 && N > 1) store_tile<3>(c + kTile * kPairPanel + kTile, kPairPanel);
}

// C (16 R, 16 N), rows kPairPanel words apart, = start + A panel. `words` of depth are a multiple
// of kTile, rows of the panel kPairPanel words apart. All 16 R rows of A are read. aside(i) is
// called after kTile words for the i-th time.
template <int R, int N, class Aside>
inline void tile_block(const float* a, int64_t lda, const float* panel, int64_t words,
                       const float* start, float* c, const Aside& aside) {
  load_sums<R, N>(start);
  for (int64_t i = 0; i < words / kTile; i++, a += kTile, panel += kTile * kPairPanel) {
    load_tile<6>(panel, kPairPanel);
    load_tile<4>(a, lda);
    multiply_tiles<0, 4, 6>();
    if constexpr (N > 1) {
      load_tile<7>(panel + kTile, kPairPanel);
      multiply_tiles<1, 4, 7>();
    }
    if constexpr (R > 1) {
      load_tile<5>(a + kTile * lda, lda);
      multiply_tiles<2, 5, 6>();
    }
    if constexpr (R > 1 && N > 1) multiply_tiles<3, 5, 7>();
    aside(i);
  }
  store_sums<R, N>(c);
}

// Rows that a call of tile_rows_block() computes when `left` are to go.
MPDP_INLINE int64_t tile_height(int64_t left) { return left < 2 * kTile ? left : 2 * kTile; }

// The same for tile_height() rows and up to kPairPanel columns.
template <class Aside>
inline void tile_rows_block(int64_t height, int64_t columns, const float* a, int64_t lda,
                            const float* panel, int64_t words, const float* start, float* c,
                            const Aside& aside) {
  bool wide = columns > kTile;
  auto run = height > kTile ? (wide ? tile_block<2, 2, Aside> : tile_block<2, 1, Aside>)
                            : (wide ? tile_block<1, 2, Aside> : tile_block<1, 1, Aside>);
  run(a, lda, panel, words, start, c, aside);
}

}  // namespace
}  // namespace mpdp::MPDP_ISA
