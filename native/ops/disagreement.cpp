// One-vs-rest uncertainty of an ensemble of Gaussians; see mpdp.backend.op.Disagreement.
//   heads (members, rows, 2D) -> uncertainty, penalty (rows)
// About 100 flops per head, nearly all in the soft clamp, exp and log; reads each head once.
#include "mpdp/kernel.h"
#include "mpdp/one_vs_rest.h"

namespace mpdp::MPDP_ISA {

void disagreement(const Call& call, Team& team) {
  int64_t members = call.size(0), rows = call.size(1), dimensions = call.size(2);
  bool log_scale = call.size(3) == kLogScale;
  float *uncertainty = call.out(3), *penalty = call.out(4);
  Tiling tiling(dimensions);
  size_t bytes = static_cast<size_t>(OneVsRest::floats(members, tiling)) * sizeof(float);
  OneVsRest tile(members, tiling, call.in(1), static_cast<float*>(team.scratch(bytes)));
  int64_t begin, end;
  team.share(call.present(rows, 2), tiling.rows, &begin, &end);
  for (int64_t first = begin; first < end; first += tiling.rows) {
    int64_t count = least(tiling.rows, end - first);
    tile.load(call.in(0), rows, first, count);
    for (int64_t i = 0; i < count; i++) {
      float sum = tile.row_sum(i);
      float u = log_scale ? log(mean_plus_floor(sum, members * dimensions)) : sum;
      uncertainty[first + i] = u;
      penalty[first + i] = log_scale ? softplus(u - call.number(0)) : u;
    }
  }
}

}  // namespace mpdp::MPDP_ISA
