// Philox4x32-10 draws as mpdp.backend.op.Draws defines them: element e of an op at a site takes
// word e mod 4 of the block with counter (e div 4, site, step). A thread makes the block of its own
// element: 10 rounds are 20 wide multiplications, less than passing words between threads.
#pragma once
#include "math.cuh"

namespace mpdp {

struct RandomState {
  uint32_t key_low, key_high, step_low, step_high;

  explicit MPDP_DEVICE RandomState(const int32_t* words)  // (4)
      : key_low(static_cast<uint32_t>(words[0])),
        key_high(static_cast<uint32_t>(words[1])),
        step_low(static_cast<uint32_t>(words[2])),
        step_high(static_cast<uint32_t>(words[3])) {}
};

struct PhiloxBlock {
  uint32_t a, b, c, d;
};

MPDP_DEVICE PhiloxBlock philox(PhiloxBlock counter, uint32_t key_low, uint32_t key_high) {
#pragma unroll
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = uint64_t{0xD2511F53u} * counter.a;
    uint64_t p1 = uint64_t{0xCD9E8D57u} * counter.c;
    counter = {static_cast<uint32_t>(p1 >> 32) ^ counter.b ^ key_low, static_cast<uint32_t>(p1),
               static_cast<uint32_t>(p0 >> 32) ^ counter.d ^ key_high, static_cast<uint32_t>(p0)};
    key_low += 0x9E3779B9u;
    key_high += 0xBB67AE85u;
  }
  return counter;
}

// The block that holds `element` at a site of the present step.
MPDP_DEVICE PhiloxBlock draw_block(const RandomState& random, int64_t site, int64_t element) {
  PhiloxBlock counter = {static_cast<uint32_t>(element >> 2), static_cast<uint32_t>(site),
                         random.step_low, random.step_high};
  return philox(counter, random.key_low, random.key_high);
}

MPDP_DEVICE uint32_t draw_word(const RandomState& random, int64_t site, int64_t element) {
  PhiloxBlock block = draw_block(random, site, element);
  uint32_t even = element & 2 ? block.c : block.a, odd = element & 2 ? block.d : block.b;
  return element & 1 ? odd : even;
}

// In (0, 1): the upper 23 bits, centred, as mpdp.random.Philox.uniform.
MPDP_DEVICE float uniform_of(uint32_t word) {
  return (static_cast<float>(static_cast<int32_t>(word >> 9)) + 0.5f) * 0x1p-23f;
}
// floor(word n / 2^32)
MPDP_DEVICE int64_t index_of(uint32_t word, int64_t n) {
  return static_cast<int64_t>((uint64_t{word} * static_cast<uint64_t>(n)) >> 32);
}

MPDP_DEVICE float draw_uniform(const RandomState& random, int64_t site, int64_t element) {
  return uniform_of(draw_word(random, site, element));
}
// 0 .. count - 1, by one float32 product.
MPDP_DEVICE int32_t draw_choice(const RandomState& random, int64_t site, int64_t element,
                                int64_t count) {
  return static_cast<int32_t>(draw_uniform(random, site, element) * static_cast<float>(count));
}

// sin or cos of 2 pi turns, turns in [0, 1): exact reduction to a quarter turn, then a polynomial.
MPDP_DEVICE float trigonometric(float turns, bool cosine) {
  float whole = rintf(turns * 4.0f);
  int32_t quarter = static_cast<int32_t>(whole) + (cosine ? 1 : 0);
  float x = (turns * 4.0f - whole) * 1.57079632679f, z = x * x;
  float s = -1.9515295891e-4f * z + 8.3321608736e-3f;
  s = (s * z - 1.6666654611e-1f) * z * x + x;
  float c = 2.443315711809948e-5f * z - 1.388731625493765e-3f;
  c = (c * z + 4.166664568298827e-2f) * (z * z) - 0.5f * z + 1.0f;
  float value = quarter & 1 ? c : s;
  return quarter & 2 ? -value : value;
}

// Box-Muller over the word pairs (0, 1) and (2, 3) of a block.
MPDP_DEVICE float draw_normal(const RandomState& random, int64_t site, int64_t element) {
  PhiloxBlock block = draw_block(random, site, element);
  float u = uniform_of(element & 2 ? block.c : block.a);
  float turns = uniform_of(element & 2 ? block.d : block.b);
  return sqrtf(-2.0f * logf(u)) * trigonometric(turns, !(element & 1));
}

}  // namespace mpdp
