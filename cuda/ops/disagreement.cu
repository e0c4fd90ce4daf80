// One-vs-rest uncertainty of an ensemble of Gaussians; see mpdp.backend.op.Disagreement and
// one_vs_rest.cuh. Reads each head once; about 100 flops a head, nearly all in the soft clamp, exp
// and log.
#include "one_vs_rest.cuh"

namespace mpdp::disagreement {
using namespace operands::disagreement;

// `memory` is shared: (3, items), mean, variance, divergence.
MPDP_DEVICE void run(const Call& call, const BlockShare& share, float* memory) {
  const float* heads = call.in(kHeads);    // (members, rows, 2D): mean, raw log-variance
  const float* bounds = call.in(kBounds);  // (2D): max, min
  OneVsRest<256> parts(call, share, call.present(call.size(kRows), kCount), memory);
  int dimensions = parts.dimensions, terms = parts.width;
  float* kl = parts.array(memory, 2);
  parts.each([&](const auto& i) {
    float raw = heads[i.head + dimensions];
    parts.mean[i.at] = heads[i.head];
    parts.variance[i.at] =
        expf(log_variance(raw, bounds[i.dimension], bounds[dimensions + i.dimension]).value);
  });
  __syncthreads();
  parts.each([&](const auto& i) {
    Rest rest = parts.rest(i);
    float q = parts.variance[i.at] / rest.variance;
    kl[i.at] = divergence(q, parts.mean[i.at] - rest.mean, rest);
  });
  __syncthreads();
  bool log_scale = call.size(kScale) == kLogScale;
  parts.row_sums(kl, [&](int row, double sum) {
    int64_t at = parts.begin + row;
    float u = log_scale ? logf(mean_plus_floor(sum, terms)) : static_cast<float>(sum);
    call.out(kUncertainty)[at] = u;  // (rows)
    call.out(kPenalty)[at] =
        log_scale ? softplus_slope(u - call.number(kThreshold)).value : u;  // (rows)
  });
}

}  // namespace mpdp::disagreement

MPDP_KERNEL(disagreement, 256) {
  using namespace mpdp::operands::disagreement;
  MPDP_DYNAMIC_SHARED(float, memory);
  mpdp::disagreement::run(call, mpdp::BlockShare(call.size(kRows)), memory);
}
