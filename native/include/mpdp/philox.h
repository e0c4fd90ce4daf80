// Philox4x32-10 draws as mpdp.backend.op.Draws defines them: element e of an op at a site takes
// word e mod 4 of the block with counter (e div 4, site, step). 16 blocks at a time, so that the
// rounds fill vector registers.
#pragma once
#include <cstdint>
#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include "mpdp/math.h"

namespace mpdp::MPDP_ISA {

struct RandomState {
  uint32_t key_low, key_high, step_low, step_high;

  explicit RandomState(const int32_t* words)
      : key_low(static_cast<uint32_t>(words[0])),
        key_high(static_cast<uint32_t>(words[1])),
        step_low(static_cast<uint32_t>(words[2])),
        step_high(static_cast<uint32_t>(words[3])) {}
};

// 16 counters, encrypted in place into 16 blocks of 4 words.
struct PhiloxTile {
  static constexpr int kBlocks = 16;
  static constexpr int kWords = 4 * kBlocks;
  uint32_t word[4][kBlocks];

#if defined(__AVX512F__)
  // Lanes of even number are multiplied in place, the others 32 bits down; halves of the products
  // then go to the lanes they came from. The compiler makes products of 64 bits of the loop below.
  void encrypt(uint32_t key_low, uint32_t key_high) {
    const __m512i m0 = _mm512_set1_epi64(0xD2511F53), m1 = _mm512_set1_epi64(0xCD9E8D57);
    __m512i w[4];
    for (int i = 0; i < 4; i++) w[i] = _mm512_loadu_si512(word[i]);
    for (int round = 0; round < 10; round++) {
      __m512i even0 = _mm512_mul_epu32(w[0], m0), even1 = _mm512_mul_epu32(w[2], m1);
      __m512i odd0 = _mm512_mul_epu32(_mm512_srli_epi64(w[0], 32), m0);
      __m512i odd1 = _mm512_mul_epu32(_mm512_srli_epi64(w[2], 32), m1);
      __m512i keys0 = _mm512_set1_epi32(static_cast<int>(key_low));
      __m512i keys1 = _mm512_set1_epi32(static_cast<int>(key_high));
      w[0] = _mm512_xor_si512(_mm512_xor_si512(high_halves(even1, odd1), w[1]), keys0);
      w[1] = low_halves(even1, odd1);
      w[2] = _mm512_xor_si512(_mm512_xor_si512(high_halves(even0, odd0), w[3]), keys1);
      w[3] = low_halves(even0, odd0);
      key_low += 0x9E3779B9u;
      key_high += 0xBB67AE85u;
    }
    for (int i = 0; i < 4; i++) _mm512_storeu_si512(word[i], w[i]);
  }
  static __m512i low_halves(__m512i even, __m512i odd) {
    return _mm512_mask_shuffle_epi32(even, 0xAAAA, odd, _MM_PERM_CCAA);
  }
  static __m512i high_halves(__m512i even, __m512i odd) {
    return _mm512_mask_shuffle_epi32(odd, 0x5555, even, _MM_PERM_DDBB);
  }
#else
  void encrypt(uint32_t key_low, uint32_t key_high) {
    for (int round = 0; round < 10; round++) {
#pragma GCC unroll 1  // complete unrolling comes before vectorisation and would prevent it
      for (int i = 0; i < kBlocks; i++) {
        uint64_t p0 = uint64_t{0xD2511F53u} * word[0][i];
        uint64_t p1 = uint64_t{0xCD9E8D57u} * word[2][i];
        word[0][i] = static_cast<uint32_t>(p1 >> 32) ^ word[1][i] ^ key_low;
        word[1][i] = static_cast<uint32_t>(p1);
        word[2][i] = static_cast<uint32_t>(p0 >> 32) ^ word[3][i] ^ key_high;
        word[3][i] = static_cast<uint32_t>(p0);
      }
      key_low += 0x9E3779B9u;
      key_high += 0xBB67AE85u;
    }
  }
#endif

  // Blocks `block` to block + 15 of a site at the present step.
  void draw(const RandomState& state, int64_t site, int64_t block) {
    for (int i = 0; i < kBlocks; i++) {
      word[0][i] = static_cast<uint32_t>(block) + static_cast<uint32_t>(i);
    }
    draw(state, site);
  }
  // The blocks whose numbers stand in word[0].
  void draw(const RandomState& state, int64_t site) {
    for (int i = 0; i < kBlocks; i++) {
      word[1][i] = static_cast<uint32_t>(site);
      word[2][i] = state.step_low;
      word[3][i] = state.step_high;
    }
    encrypt(state.key_low, state.key_high);
  }
};

// In (0, 1): the upper 23 bits, centred, as mpdp.random.Philox.uniform.
inline float uniform_of(uint32_t word) {
  return (static_cast<float>(static_cast<int32_t>(word >> 9)) + 0.5f) * 0x1p-23f;
}
// floor(word n / 2^32)
inline int64_t index_of(uint32_t word, int64_t n) {
  return static_cast<int64_t>((uint64_t{word} * static_cast<uint64_t>(n)) >> 32);
}

// Writes elements first .. first + n - 1 at a site; `convert` turns a tile into its 64 values.
template <typename Value, typename Convert>
inline void draw_elements(const RandomState& state, int64_t site, int64_t first, int64_t n,
                          Value* out, Convert convert) {
  PhiloxTile tile;
  Value values[PhiloxTile::kWords];
  for (int64_t done = 0; done < n;) {
    int64_t skipped = (first + done) & 3;
    tile.draw(state, site, (first + done) >> 2);
    convert(tile, values);
    int64_t count = least(n - done, PhiloxTile::kWords - skipped);
    for (int64_t i = 0; i < count; i++) out[done + i] = values[skipped + i];
    done += count;
  }
}

// Writes `width` elements for each of `rows` rows: those of root r are elements r width to r width
// + width - 1, so that a row draws the same wherever it stands in its batch.
template <typename Value, typename Convert>
inline void draw_rows(const RandomState& state, int64_t site, const int32_t* roots, int64_t rows,
                      int64_t width, Value* out, Convert convert) {
  struct Piece {
    Value* to;
    int64_t from, count;
  };
  PhiloxTile tile;
  Piece pieces[PhiloxTile::kBlocks];
  Value values[PhiloxTile::kWords];
  int filled = 0;
  auto flush = [&] {
    for (int i = filled; i < PhiloxTile::kBlocks; i++) tile.word[0][i] = 0;
    tile.draw(state, site);
    convert(tile, values);
    for (int i = 0; i < filled; i++) {
      for (int64_t e = 0; e < pieces[i].count; e++) pieces[i].to[e] = values[pieces[i].from + e];
    }
    filled = 0;
  };
  for (int64_t row = 0; row < rows; row++) {
    int64_t element = int64_t{roots[row]} * width, end = element + width;
    while (element < end) {
      int64_t skipped = element & 3, count = least(end - element, 4 - skipped);
      tile.word[0][filled] = static_cast<uint32_t>(element >> 2);
      pieces[filled] = {out, 4 * filled + skipped, count};
      element += count;
      out += count;
      if (++filled == PhiloxTile::kBlocks) flush();
    }
  }
  if (filled > 0) flush();
}

struct TileWords {
  void operator()(const PhiloxTile& tile, uint32_t* values) const {
    for (int i = 0; i < PhiloxTile::kBlocks; i++) {
      for (int w = 0; w < 4; w++) values[4 * i + w] = tile.word[w][i];
    }
  }
};

struct TileUniforms {
  void operator()(const PhiloxTile& tile, float* values) const {
    for (int i = 0; i < PhiloxTile::kBlocks; i++) {
      for (int w = 0; w < 4; w++) values[4 * i + w] = uniform_of(tile.word[w][i]);
    }
  }
};

// Box-Muller over the word pairs (0, 1) and (2, 3) of each block.
struct TileNormals {
  void operator()(const PhiloxTile& tile, float* values) const {
    float normal[4][PhiloxTile::kBlocks];
    for (int pair = 0; pair < 4; pair += 2) {
      for (int i = 0; i < PhiloxTile::kBlocks; i++) {
        float radius = __builtin_sqrtf(-2.0f * log(uniform_of(tile.word[pair][i])));
        float sine, cosine;
        sincos_turns(uniform_of(tile.word[pair + 1][i]), &sine, &cosine);
        normal[pair][i] = radius * cosine;
        normal[pair + 1][i] = radius * sine;
      }
    }
    for (int i = 0; i < PhiloxTile::kBlocks; i++) {
      for (int w = 0; w < 4; w++) values[4 * i + w] = normal[w][i];
    }
  }
};

inline void draw_words(const RandomState& state, int64_t site, int64_t first, int64_t n,
                       uint32_t* out) {
  draw_elements(state, site, first, n, out, TileWords());
}

inline void draw_uniforms(const RandomState& state, int64_t site, int64_t first, int64_t n,
                          float* out) {
  draw_elements(state, site, first, n, out, TileUniforms());
}

inline void draw_normals(const RandomState& state, int64_t site, int64_t first, int64_t n,
                         float* out) {
  draw_elements(state, site, first, n, out, TileNormals());
}

// The uniform of each of rows first .. first + n - 1, whose roots are roots[first] and on, or
// themselves where roots is null.
inline void draw_row_uniforms(const RandomState& state, int64_t site, const int32_t* roots,
                              int64_t first, int64_t n, float* out) {
  if (roots) return draw_rows(state, site, roots + first, n, 1, out, TileUniforms());
  draw_uniforms(state, site, first, n, out);
}

// As draw_row_uniforms: `width` normals for each row.
inline void draw_row_normals(const RandomState& state, int64_t site, const int32_t* roots,
                             int64_t first, int64_t n, int64_t width, float* out) {
  if (roots) return draw_rows(state, site, roots + first, n, width, out, TileNormals());
  draw_normals(state, site, first * width, n * width, out);
}

}  // namespace mpdp::MPDP_ISA
