// Start states of the next update, from running rollouts or fresh from the replay; see
// mpdp.backend.op.RestartStates. A thread per element; each makes its row's draw again, which costs
// less than a pass that stores it.
#include "philox.cuh"
#include "rows.cuh"

namespace mpdp::restart_states {

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t states = call.size(1), present = call.size(0);
  const int32_t* child = call.ints(0);  // (rows)
  const float* next = call.in(1);       // (rows, states)
  const float* fresh = call.in(2);      // (rows, states)
  float* state = call.out(4);           // (rows, states)
  RandomState random(call.ints(3));
  float restart = call.number(0);
  for (int64_t i : share.elements(present, states)) {
    int64_t row = place_of(i, states).row;
    bool goes_on = child[row] >= 0 && !(draw_uniform(random, call.size(2), row) < restart);
    state[i] = (goes_on ? next : fresh)[i];
  }
}

}  // namespace mpdp::restart_states

MPDP_KERNEL(restart_states, 256) { mpdp::restart_states::run(call, mpdp::GridShare()); }
