// Backward pass of disagreement; see mpdp.backend.op.DisagreementBackward.
// With v_i, m_i the rest's variance and mean, delta_i = mean_i - m_i and n = members - 1,
//   a_i = d KL_i / d m_i = -delta_i / v_i,
//   b_i = d KL_i / d v_i = (1 - (var_i + delta_i^2) / v_i) / (2 v_i),
//   d mean_j = -a_j + sum_{i != j} (a_i + 2 b_i (mean_j - m_i)) / n,
//   d lv_j = (var_j / v_j - 1) / 2 + var_j sum_{i != j} b_i / n.
// Threads as in disagreement. The moments are made again rather than kept: they live in shared
// memory, a tape would not. 16 bytes a head, about 200 flops.
#include "one_vs_rest.cuh"

namespace mpdp::disagreement_backward {
using namespace operands::disagreement_backward;

constexpr int kThreads = 256;

// What the items of a block need of each other: shared arrays.
struct Tape {
  float *slope, *centre, *by_mean, *by_variance;  // d lv / d raw, then m, a and b above
  float *kl, *half;                               // KL, (var / v - 1) / 2
};

// d objective / d KL of a row whose KLs add up to `sum`.
MPDP_DEVICE float by_divergence(float d_penalty, double sum, int64_t terms, bool log_scale,
                                float threshold) {
  if (!log_scale) return d_penalty;
  float mean = mean_plus_floor(sum, terms);
  float slope = softplus_slope(logf(mean) - threshold).slope;
  return d_penalty * slope / (mean * static_cast<float>(terms));
}

// Item j's d mean and d raw, before the factor d objective / d KL.
template <typename Item>
MPDP_DEVICE void gradient(const OneVsRest<kThreads>& parts, const Tape& tape, const Item& j,
                          float* by_mean, float* by_raw) {
  float through = 0.0f, rest = 0.0f, mine = parts.mean[j.at];
  float share = 1.0f / static_cast<float>(parts.members - 1);
  for (int i = 0, at = j.first; i < parts.members; i++, at += parts.dimensions) {
    float b = i == j.member ? 0.0f : tape.by_variance[at];
    through += (i == j.member ? 0.0f : tape.by_mean[at]) + 2.0f * b * (mine - tape.centre[at]);
    rest += b;
  }
  *by_mean = share * through - tape.by_mean[j.at];
  *by_raw = tape.slope[j.at] * (tape.half[j.at] + parts.variance[j.at] * share * rest);
}

// `memory` is shared: (9, items).
MPDP_DEVICE void run(const Call& call, const BlockShare& share, float* memory) {
  const float* heads = call.in(kHeads);         // (members, rows, 2D): mean, raw log-variance
  const float* bounds = call.in(kBounds);       // (2D): max, min
  const float* d_penalty = call.in(kDPenalty);  // (rows)
  float* d_heads = call.out(kDHeads);           // (members, rows, 2D)
  OneVsRest<kThreads> parts(call, share, call.present(call.size(kRows), kCount), memory);
  int dimensions = parts.dimensions;
  Tape tape = {parts.array(memory, 2), parts.array(memory, 3), parts.array(memory, 4),
               parts.array(memory, 5), parts.array(memory, 6), parts.array(memory, 7)};
  parts.each([&](const auto& i) {
    float raw = heads[i.head + dimensions];
    LogVariance lv = log_variance(raw, bounds[i.dimension], bounds[dimensions + i.dimension]);
    parts.mean[i.at] = heads[i.head];
    parts.variance[i.at] = expf(lv.value);
    tape.slope[i.at] = lv.by_raw;
  });
  __syncthreads();
  parts.each([&](const auto& i) {
    Rest rest = parts.rest(i);
    float variance = parts.variance[i.at], delta = parts.mean[i.at] - rest.mean;
    float inverse = 1.0f / rest.variance, q = variance / rest.variance;
    tape.centre[i.at] = rest.mean;
    tape.by_mean[i.at] = -delta * inverse;
    tape.by_variance[i.at] = 0.5f * inverse * (1.0f - (variance + delta * delta) * inverse);
    tape.half[i.at] = 0.5f * (q - 1.0f);
    tape.kl[i.at] = divergence(q, delta, rest);
  });
  __syncthreads();
  float* factor = parts.array(memory, 8);  // of the rows, which are fewer than the items
  parts.row_sums(tape.kl, [&](int row, double sum) {
    factor[row] = by_divergence(d_penalty[parts.begin + row], sum, parts.width,
                                call.size(kScale) == kLogScale, call.number(kThreshold));
  });
  __syncthreads();
  bool accumulate = call.flag(kAccumulate);
  parts.each([&](const auto& j) {
    float by_mean, by_raw;
    gradient(parts, tape, j, &by_mean, &by_raw);
    put(d_heads + j.head, factor[j.row] * by_mean, accumulate);
    put(d_heads + j.head + dimensions, factor[j.row] * by_raw, accumulate);
  });
}

}  // namespace mpdp::disagreement_backward

MPDP_KERNEL(disagreement_backward, 256) {
  using namespace mpdp::operands::disagreement_backward;
  MPDP_DYNAMIC_SHARED(float, memory);
  mpdp::disagreement_backward::run(call, mpdp::BlockShare(call.size(kRows)), memory);
}
