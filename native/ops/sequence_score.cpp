// One step of a fixed batch of rollouts; see mpdp.backend.op.SequenceScore.
//   state, next (rows, states)    all others (rows)
#include "mpdp/kernel.h"

void MPDP_OP(sequence_score)(const Call& call, Team& team) {
  using namespace operands::sequence_score;
  int64_t rows = call.size(kRows), states = call.size(kStates);
  const float *state = call.in(kState), *reward = call.in(kReward), *done = call.in(kDone);
  float *next = call.out(kNext), *weight = call.out(kWeight), *objective = call.out(kObjective);
  float* d_reward = call.out(kDReward);
  int64_t begin, end;
  team.share(rows, 16, &begin, &end);
  for (int64_t row = begin; row < end; row++) {
    bool ends = weight[row] == 0.0f || done[row] != 0.0f;
    if (weight[row] != 0.0f) objective[row] += weight[row] * reward[row];
    d_reward[row] = -weight[row] / static_cast<float>(rows);
    for (int64_t d = 0; ends && d < states; d++) next[row * states + d] = state[row * states + d];
    weight[row] = ends ? 0.0f : weight[row] * call.number(kDiscount);
  }
}
