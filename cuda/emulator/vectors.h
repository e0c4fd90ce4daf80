// CUDA's short vectors.
#pragma once

#define MPDP_VECTOR(type, name, size)                                         \
  struct alignas(2 * sizeof(type)) name##2 {                                  \
    type x, y;                                                                \
  };                                                                          \
  struct name##3 {                                                            \
    type x, y, z;                                                             \
  };                                                                          \
  struct alignas(size) name##4 {                                              \
    type x, y, z, w;                                                          \
  };                                                                          \
  inline name##2 make_##name##2(type x, type y) { return {x, y}; }            \
  inline name##3 make_##name##3(type x, type y, type z) { return {x, y, z}; } \
  inline name##4 make_##name##4(type x, type y, type z, type w) { return {x, y, z, w}; }

MPDP_VECTOR(float, float, 16)
MPDP_VECTOR(int, int, 16)
MPDP_VECTOR(unsigned, uint, 16)
MPDP_VECTOR(double, double, 16)
#undef MPDP_VECTOR
