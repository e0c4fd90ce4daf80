// Barriers, warp operations and atomics.
#pragma once
#include <cstdint>
#include <cstring>

inline void __syncthreads(int line = __builtin_LINE()) { emulator::block_barrier(line); }
inline void __syncwarp(unsigned mask = ~0u, int line = __builtin_LINE()) {
  emulator::warp_exchange(mask, 0, line);
}
inline void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
inline void __threadfence_block() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

namespace emulator {

inline int lane() { return static_cast<int>(thread_number() % 32); }

// What the thread of lane `source` of this warp gave.
template <class T>
T shuffle(unsigned mask, T value, int source, int line) {
  static_assert(sizeof(T) <= sizeof(uint64_t), "shuffles move 4 or 8 bytes");
  uint64_t given = 0;
  memcpy(&given, &value, sizeof(T));
  T result;
  memcpy(&result, &warp_exchange(mask, given, line)[source], sizeof(T));
  return result;
}

// `lane`, or the own one where that lies outside of the segment of `width` lanes.
inline int within(int other, int width) {
  int first = lane() / width * width;
  return other < first || other >= first + width ? lane() : other;
}

}  // namespace emulator

template <class T>
T __shfl_sync(unsigned mask, T value, int source, int width = 32, int line = __builtin_LINE()) {
  int first = emulator::lane() / width * width;
  return emulator::shuffle(mask, value, first + (source & (width - 1)), line);
}
template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32,
                 int line = __builtin_LINE()) {
  int source = emulator::lane() - static_cast<int>(delta);
  return emulator::shuffle(mask, value, emulator::within(source, width), line);
}
template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32,
                   int line = __builtin_LINE()) {
  int source = emulator::lane() + static_cast<int>(delta);
  return emulator::shuffle(mask, value, emulator::within(source, width), line);
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int bits, int width = 32, int line = __builtin_LINE()) {
  return emulator::shuffle(mask, value, emulator::within(emulator::lane() ^ bits, width), line);
}

inline unsigned __ballot_sync(unsigned mask, int predicate, int line = __builtin_LINE()) {
  const uint64_t* given = emulator::warp_exchange(mask, predicate != 0, line);
  unsigned votes = 0;
  for (int i = 0; i < 32; i++) votes |= static_cast<unsigned>(given[i] == 1) << i;
  return votes;
}
inline int __any_sync(unsigned mask, int predicate, int line = __builtin_LINE()) {
  return __ballot_sync(mask, predicate, line) != 0;
}
inline int __all_sync(unsigned mask, int predicate, int line = __builtin_LINE()) {
  return __ballot_sync(mask, !predicate, line) == 0;
}

template <class T, class F>
T mpdp_atomic(T* address, F change) {
  T old = *address, next;
  do {
    next = change(old);
  } while (
      !__atomic_compare_exchange(address, &old, &next, true, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
  return old;
}
template <class T>
T atomicAdd(T* address, std::type_identity_t<T> value) {
  return mpdp_atomic(address, [&](T old) { return static_cast<T>(old + value); });
}
template <class T>
T atomicMax(T* address, std::type_identity_t<T> value) {
  return mpdp_atomic(address, [&](T old) { return old < value ? value : old; });
}
template <class T>
T atomicMin(T* address, std::type_identity_t<T> value) {
  return mpdp_atomic(address, [&](T old) { return value < old ? value : old; });
}
template <class T>
T atomicExch(T* address, std::type_identity_t<T> value) {
  return mpdp_atomic(address, [&](T) { return value; });
}
template <class T>
T atomicCAS(T* address, std::type_identity_t<T> compare, std::type_identity_t<T> value) {
  return mpdp_atomic(address, [&](T old) { return old == compare ? value : old; });
}
