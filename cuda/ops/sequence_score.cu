// One step of a fixed batch of rollouts; see mpdp.backend.op.SequenceScore. A warp per row, because
// a row's weight is read and written; states move only for rows that ended.
#include "rows.cuh"

namespace mpdp::sequence_score {
using namespace operands::sequence_score;

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t rows = call.size(kRows), states = call.size(kStates);
  const float* state = call.in(kState);     // (rows, states)
  const float* reward = call.in(kReward);   // (rows)
  const float* done = call.in(kDone);       // (rows)
  float* next = call.out(kNext);            // (rows, states)
  float* weights = call.out(kWeight);       // (rows)
  float* objective = call.out(kObjective);  // (rows)
  float* d_reward = call.out(kDReward);     // (rows)
  int lane = static_cast<int>(threadIdx.x) % 32;
  for (int64_t row : share.warps(rows)) {
    float weight = weights[row];
    bool ends = weight == 0.0f || done[row] != 0.0f;
    for (int64_t d = lane; ends && d < states; d += 32) {
      next[row * states + d] = state[row * states + d];
    }
    __syncwarp();  // all lanes have read the weight
    if (lane != 0) continue;
    if (weight != 0.0f) objective[row] += weight * reward[row];
    d_reward[row] = -weight / static_cast<float>(rows);
    weights[row] = ends ? 0.0f : weight * call.number(kDiscount);
  }
}

}  // namespace mpdp::sequence_score

MPDP_KERNEL(sequence_score, 256) { mpdp::sequence_score::run(call, mpdp::GridShare()); }
