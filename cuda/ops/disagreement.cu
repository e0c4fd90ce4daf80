// One-vs-rest uncertainty of an ensemble of Gaussians; see mpdp.backend.op.Disagreement. A thread
// per row and dimension holds that dimension of all members in shared memory; whole rows in a block
// because u sums over a row. Reads each head once; about 100 flops a head, nearly all in the soft
// clamp, exp and log.
#include "one_vs_rest.cuh"
#include "rows.cuh"

MPDP_KERNEL(disagreement, 128) {
  constexpr int kThreads = 128;
  __shared__ float terms[kThreads];
  MPDP_DYNAMIC_SHARED(float, memory);  // (2, members, kThreads)
  int64_t members = call.size(0), rows = call.size(1), dimensions = call.size(2);
  int64_t present = call.present(rows, 2);
  const float* heads = call.in(0);   // (members, rows, 2D): mean, raw log-variance
  const float* bounds = call.in(1);  // (2D): max, min
  mpdp::RowPack<kThreads> at(dimensions, present);
  if (at.idle(present)) return;
  mpdp::OneVsRest<kThreads> parts(members, memory, false);
  float kl = 0.0f;
  for (int64_t d = at.column; at.active && d < dimensions; d += at.step) {
    parts.load(heads + at.row * 2 * dimensions + d, rows * 2 * dimensions, dimensions, bounds[d],
               bounds[dimensions + d]);
    kl += parts.divergence();
  }
  double sum = at.sum(terms, kl);
  if (!at.active || at.column != 0) return;
  bool log_scale = call.size(3) == mpdp::kLogScale;
  float u =
      log_scale ? logf(mpdp::mean_plus_floor(sum, members * dimensions)) : static_cast<float>(sum);
  call.out(3)[at.row] = u;                                                               // (rows)
  call.out(4)[at.row] = log_scale ? mpdp::softplus_slope(u - call.number(0)).value : u;  // (rows)
}
