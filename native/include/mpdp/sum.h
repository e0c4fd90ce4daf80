// Sums in double over 8 interleaved lanes: vectorised, and the same bits wherever it runs.
#pragma once
#include <cstdint>

namespace mpdp::MPDP_ISA {

// Sum of term(i) for i in [0, n).
template <typename Term>
inline double sum_of(int64_t n, Term term) {
  constexpr int kLanes = 8;
  double lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (int lane = 0; lane < kLanes; lane++) lanes[lane] += term(i + lane);
  }
  for (int lane = 0; i < n; i++, lane++) lanes[lane] += term(i);
  double sum = 0;
  for (double lane : lanes) sum += lane;
  return sum;
}

}  // namespace mpdp::MPDP_ISA
