// Start states of the next update, from running rollouts or fresh from the replay; see
// mpdp.backend.op.RestartStates. A thread per element; each makes its row's draw again, which costs
// less than a pass that stores it.
#include "philox.cuh"
#include "rows.cuh"

MPDP_KERNEL(restart_states, 256) {
  int64_t states = call.size(1), elements = call.size(0) * states;
  const int32_t* child = call.ints(0);  // (rows)
  const float* next = call.in(1);       // (rows, states)
  const float* fresh = call.in(2);      // (rows, states)
  float* state = call.out(4);           // (rows, states)
  mpdp::RandomState random(call.ints(3));
  float restart = call.number(0);
  for (int64_t i = mpdp::first_item(); i < elements; i += mpdp::item_stride()) {
    int64_t row = mpdp::place_of(i, states).row;
    bool goes_on = child[row] >= 0 && !(mpdp::draw_uniform(random, call.size(2), row) < restart);
    state[i] = (goes_on ? next : fresh)[i];
  }
}
