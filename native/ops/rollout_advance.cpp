// Ends rollouts and moves the rest, in order, to the front of the next step's batch; see
// mpdp.backend.op.RolloutAdvance.
//   next, nextState (rows, states)    tailState (roots, states)    child, nextRoot (rows)
// A row's new place is the number of rows before it that go on. Each thread counts those before
// its own share itself, which is cheaper than a barrier.
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {
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
  int64_t states = call.size(2);
  const float *next = call.in(0), *done = call.in(2);
  const int32_t* root_of = call.ints(3);
  int32_t *child = call.int_out(5), *next_root = call.int_out(7);
  float *next_state = call.out(8), *tail_state = call.out(9), *tail_weight = call.out(10);
  Stops stops{call.flag(4), call.number(0), call.in(1), done};

  int64_t begin, end, place = 0;
  team.share(call.present(call.size(0), 4), 64, &begin, &end);
  for (int64_t row = 0; row < begin; row++) place += stops.at(row) ? 0 : 1;
  for (int64_t row = begin; row < end; row++) {
    int32_t root = root_of ? root_of[row] : static_cast<int32_t>(row);
    call.out(11)[root] = static_cast<float>(call.size(3) + 1);
    if (stops.at(row)) {
      child[row] = -1;
      copy_row(states, next + row * states, tail_state + root * states);
      tail_weight[root] = done[row] != 0.0f ? 0.0f : call.number(1);
    } else {
      child[row] = static_cast<int32_t>(place);
      next_root[place] = root;
      copy_row(states, next + row * states, next_state + place * states);
      place++;
    }
  }
  // The last thread's share ends at the last row.
  if (team.rank() == team.size() - 1) call.int_out(6)[0] = static_cast<int32_t>(place);
}

}  // namespace mpdp::MPDP_ISA
