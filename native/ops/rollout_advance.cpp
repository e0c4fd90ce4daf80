// Ends rollouts and moves the rest, in order, to the front of the next step's batch; see
// mpdp.backend.op.RolloutAdvance.
//   next, nextState (rows, states)    tailState (roots, states)    child, nextRoot (rows)
// A row's new place is the number of rows before it that go on. Each thread counts those before
// its own share itself, which is cheaper than a barrier.
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {
using namespace operands::rollout_advance;
namespace {

struct Stops {
  bool last;
  float threshold;
  const float* uncertainty;  // or null: never stop early
  const float* done;

  bool at(int64_t row) const {
    bool certain = !uncertainty || uncertainty[row] < threshold;  // a NaN is not
    return last || done[row] != 0.0f || !certain;
  }
};

void copy_row(int64_t n, const float* __restrict from, float* __restrict to) {
  for (int64_t d = 0; d < n; d++) to[d] = from[d];
}

}  // namespace

void rollout_advance(const Call& call, Team& team) {
  int64_t states = call.size(kStates);
  const float *next = call.in(kNext), *done = call.in(kDone);
  const int32_t* root_of = call.ints(kRoot);
  int32_t *child = call.int_out(kChild), *next_root = call.int_out(kNextRoot);
  float *next_state = call.out(kNextState), *tail_state = call.out(kTailState),
        *tail_weight = call.out(kTailWeight);
  Stops stops{call.flag(kLast), call.number(kThreshold), call.in(kUncertainty), done};

  int64_t begin, end, place = 0;
  team.share(call.present(call.size(kRows), kCount), 64, &begin, &end);
  for (int64_t row = 0; row < begin; row++) place += stops.at(row) ? 0 : 1;
  for (int64_t row = begin; row < end; row++) {
    int32_t root = root_of ? root_of[row] : static_cast<int32_t>(row);
    call.out(kLength)[root] = static_cast<float>(call.size(kStep) + 1);
    if (stops.at(row)) {
      child[row] = -1;
      copy_row(states, next + row * states, tail_state + root * states);
      tail_weight[root] = done[row] != 0.0f ? 0.0f : call.number(kTailDiscount);
    } else {
      child[row] = static_cast<int32_t>(place);
      next_root[place] = root;
      copy_row(states, next + row * states, next_state + place * states);
      place++;
    }
  }
  // The last thread's share ends at the last row.
  if (team.rank() == team.size() - 1) call.int_out(kNextCount)[0] = static_cast<int32_t>(place);
}

}  // namespace mpdp::MPDP_ISA
