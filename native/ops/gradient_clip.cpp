// Global norm, clipping scale and the guard against non-finite gradients. The norm is a sum of
// double-precision sums over chunks of fixed size, so it does not depend on the threads. 4 bytes a
// word.
#include <cmath>

#include "mpdp/vector.h"

namespace mpdp::MPDP_ISA {
using namespace operands::gradient_clip;
namespace {

constexpr int64_t kChunk = 8192;
constexpr int64_t kAhead = 512;  // words from here that are asked for
constexpr int kHalf = kLanes / 2;
typedef double Doubles __attribute__((vector_size(kHalf * 8)));
typedef float Halves __attribute__((vector_size(kHalf * 4), aligned(4), may_alias));

double sum_of_squares(const float* values, int64_t n) {
  Doubles sums[2] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    __builtin_prefetch(values + i + kAhead);
    for (int h = 0; h < 2; h++) {
      Halves half = *reinterpret_cast<const Halves*>(values + i + h * kHalf);
      Doubles wide = __builtin_convertvector(half, Doubles);
      sums[h] += wide * wide;
    }
  }
  double total = 0;
  for (; i < n; i++) total += static_cast<double>(values[i]) * values[i];
  for (int lane = 0; lane < kHalf; lane++) total += sums[0][lane] + sums[1][lane];
  return total;
}

void decide(double squares, float maximum, float* clip) {
  float norm = static_cast<float>(std::sqrt(squares));
  bool finite = std::isfinite(norm);
  clip[0] = !finite ? 0.0f : maximum > 0 && norm > maximum ? maximum / norm : 1.0f;
  clip[1] = finite ? 0.0f : 1.0f;
  clip[2] += finite ? 1.0f : 0.0f;
  clip[3] = norm;
  clip[4] += finite ? 0.0f : 1.0f;
}

}  // namespace
}  // namespace mpdp::MPDP_ISA

void MPDP_OP(gradient_clip)(const Call& call, Team& team) {
  int64_t words = call.size(kWords), chunks = (words + kChunk - 1) / kChunk;
  const float* gradients = call.in(kGradients);  // (words)
  float* clip = call.out(kClip);                 // (scale, skip, steps, norm, skipped)
  double* sums = static_cast<double*>(team.shared(chunks * sizeof(double)));
  int64_t begin, end;
  team.share(chunks, 1, &begin, &end);
  for (int64_t c = begin; c < end; c++) {
    int64_t left = words - c * kChunk;
    sums[c] = sum_of_squares(gradients + c * kChunk, left < kChunk ? left : kChunk);
  }
  team.barrier();
  if (team.rank() != 0) return;
  double total = 0;
  for (int64_t c = 0; c < chunks; c++) total += sums[c];
  decide(total, call.number(kMaxNorm), clip);
}
