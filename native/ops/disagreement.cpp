// One-vs-rest uncertainty of an ensemble of Gaussians; see mpdp.backend.op.Disagreement.
//   heads (members, rows, 2D) -> uncertainty, penalty (rows)
// About 100 flops per head, nearly all in the soft clamp, exp and log; reads each head once.
#include "mpdp/kernel.h"
#include "mpdp/one_vs_rest.h"

namespace mpdp::MPDP_ISA {
using namespace operands::disagreement;

void disagreement(const Call& call, Team& team) {
  int64_t members = call.size(kMembers), rows = call.size(kRows),
          dimensions = call.size(kDimensions);
  bool log_scale = call.size(kScale) == kLogScale;
  float *uncertainty = call.out(kUncertainty), *penalty = call.out(kPenalty);
  Tiling tiling(dimensions);
  size_t bytes = static_cast<size_t>(OneVsRest::floats(members, tiling)) * sizeof(float);
  OneVsRest tile(members, tiling, call.in(kBounds), static_cast<float*>(team.scratch(bytes)));
  int64_t begin, end;
  team.share(call.present(rows, kCount), tiling.rows, &begin, &end);
  for (int64_t first = begin; first < end; first += tiling.rows) {
    int64_t count = least(tiling.rows, end - first);
    tile.load(call.in(kHeads), rows, first, count);
    for (int64_t i = 0; i < count; i++) {
      float sum = tile.row_sum(i);
      float u = log_scale ? log(mean_plus_floor(sum, members * dimensions)) : sum;
      uncertainty[first + i] = u;
      penalty[first + i] = log_scale ? softplus(u - call.number(kThreshold)) : u;
    }
  }
}

}  // namespace mpdp::MPDP_ISA
