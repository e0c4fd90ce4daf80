// Start states of the next update, from running rollouts or fresh from the replay; see
// mpdp.backend.op.RestartStates. A thread per element; each makes its row's draw again, which costs
// less than a pass that stores it.
#include "philox.cuh"
#include "rows.cuh"

namespace mpdp::restart_states {
using namespace operands::restart_states;

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t states = call.size(kStates), present = call.size(kRows);
  const int32_t* child = call.ints(kChild);  // (rows)
  const float* next = call.in(kNext);        // (rows, states)
  const float* fresh = call.in(kFresh);      // (rows, states)
  float* state = call.out(kState);           // (rows, states)
  RandomState random(call.ints(kRandom));
  float restart = call.number(kRestart);
  for (int64_t i : share.elements(present, states)) {
    int64_t row = place_of(i, states).row;
    bool goes_on = child[row] >= 0 && !(draw_uniform(random, call.size(kSite), row) < restart);
    state[i] = (goes_on ? next : fresh)[i];
  }
}

}  // namespace mpdp::restart_states

MPDP_KERNEL(restart_states, 256) { mpdp::restart_states::run(call, mpdp::GridShare()); }
