// Mean and standard deviation over the replay ring; see mpdp.backend.op.ReplayMoments.
//   columns (capacity, 2 states + actions + 2): state, action, reward, next state, terminated
// Sums and sums of squares in double, about the ring's first row so that a large mean costs no
// digits, over at most 64 chunks of rows whose bounds depend on the size alone. Memory-bound: each
// row is read once, 4 at a time.
#include "mpdp/kernel.h"
#include "mpdp/math.h"

namespace mpdp::MPDP_ISA {
using namespace operands::replay_moments;
namespace {

struct Sums {  // (sum, square) of n columns
  double *sum, *square;
  Sums(double* memory, int64_t n) : sum(memory), square(memory + n) {}
};

// Adds the deviations of n values in `rows` rows of `stride` floats from those of `origin`.
void add_values(int64_t n, int64_t rows, int64_t stride, const float* __restrict from,
                const float* __restrict origin, double* __restrict sum, double* __restrict square) {
  int64_t row = 0;
  for (; row + 4 <= rows; row += 4, from += 4 * stride) {
    for (int64_t c = 0; c < n; c++) {
      double zero = origin[c];
      double a = from[c] - zero, b = from[c + stride] - zero;
      double d = from[c + 2 * stride] - zero, e = from[c + 3 * stride] - zero;
      sum[c] += (a + b) + (d + e);
      square[c] += (a * a + b * b) + (d * d + e * e);
    }
  }
  for (; row < rows; row++, from += stride) {
    for (int64_t c = 0; c < n; c++) {
      double a = from[c] - static_cast<double>(origin[c]);
      sum[c] += a;
      square[c] += a * a;
    }
  }
}

// The same for the state changes, next - state.
void add_changes(int64_t n, int64_t rows, int64_t stride, const float* __restrict state,
                 const float* __restrict next, const float* __restrict origin_state,
                 const float* __restrict origin_next, double* __restrict sum,
                 double* __restrict square) {
  for (int64_t row = 0; row < rows; row++, state += stride, next += stride) {
    for (int64_t c = 0; c < n; c++) {
      double zero = static_cast<double>(origin_next[c]) - static_cast<double>(origin_state[c]);
      double a = static_cast<double>(next[c]) - static_cast<double>(state[c]) - zero;
      sum[c] += a;
      square[c] += a * a;
    }
  }
}

struct Moments {
  double mean, deviation;
};

// Moments of column c about `origin` from the sums of all chunks, in order.
Moments moments(const double* sums, int64_t chunks, int64_t columns, int64_t c, double rows,
                double origin) {
  double sum = 0, square = 0;
  for (int64_t k = 0; k < chunks; k++) {
    sum += sums[2 * k * columns + c];
    square += sums[(2 * k + 1) * columns + c];
  }
  double mean = sum / rows, variance = square / rows - mean * mean;
  double deviation = __builtin_sqrt(variance < 0 ? 0.0 : variance);
  return {origin + mean, deviation < 1e-6 ? 1.0 : deviation};
}

}  // namespace

void replay_moments(const Call& call, Team& team) {
  int64_t states = call.size(kStates), actions = call.size(kActions), inputs = states + actions;
  bool targets = call.flag(kTargets);
  int64_t stride = inputs + states + 2, rows = call.ints(kSize)[0];
  int64_t columns = inputs + (targets ? states + 1 : 0);  // inputs, reward, state changes
  const float *ring = call.in(kColumns), *next = ring + inputs + 1;
  int64_t chunk_rows = most(256, ((rows + 63) / 64 + 3) / 4 * 4);
  int64_t chunks = (rows + chunk_rows - 1) / chunk_rows;
  auto* sums =
      static_cast<double*>(team.shared(static_cast<size_t>(2 * chunks * columns) * sizeof(double)));
  int64_t begin, end;
  team.share(chunks, 1, &begin, &end);
  for (int64_t k = begin; k < end; k++) {
    int64_t first = k * chunk_rows, n = least(chunk_rows, rows - first);
    Sums mine(sums + 2 * k * columns, columns);
    for (int64_t c = 0; c < 2 * columns; c++) mine.sum[c] = 0;
    const float* from = ring + first * stride;
    add_values(inputs + (targets ? 1 : 0), n, stride, from, ring, mine.sum, mine.square);
    if (!targets) continue;
    add_changes(states, n, stride, from, next + first * stride, ring, next, mine.sum + inputs + 1,
                mine.square + inputs + 1);
  }
  team.barrier();

  team.share(columns, 8, &begin, &end);
  for (int64_t c = begin; c < end; c++) {
    int64_t change = c - inputs - 1;
    double origin = change < 0
                        ? ring[c]
                        : static_cast<double>(next[change]) - static_cast<double>(ring[change]);
    Moments m = moments(sums, chunks, columns, c, static_cast<double>(rows), origin);
    if (c < inputs) {
      call.out(kInputMean)[c] = static_cast<float>(m.mean);
      call.out(kInputInvStd)[c] = static_cast<float>(1.0 / m.deviation);
    } else {
      int64_t output = change < 0 ? states : change;
      call.out(kOutputMean)[output] = static_cast<float>(m.mean);
      call.out(kOutputScale)[output] = static_cast<float>(m.deviation);
    }
  }
}

}  // namespace mpdp::MPDP_ISA
