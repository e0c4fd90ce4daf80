// Backward pass of transition_sample; see mpdp.backend.op.TransitionSampleBackward. With g =
// outputScale (dNext, dReward): d mean = g, d raw = g noise exp(lv / 2) eps lv' / 2. A thread per
// element of g; it writes that element for every member, so dHeads is made in one pass: 8 bytes a
// member and element, 24 more for the chosen one.
#include "math.cuh"
#include "rows.cuh"

namespace mpdp::transition_sample_backward {
using namespace operands::transition_sample_backward;

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t members = call.size(kMembers), rows = call.size(kRows), states = call.size(kStates);
  int64_t dimensions = states + 1, width = 2 * dimensions;
  int64_t present = call.present(rows, kCount);
  bool accumulate = call.flag(kAccumulateHeads);
  const float* heads = call.in(kHeads);               // (members, rows, 2D): mean, raw log-variance
  const float* bounds = call.in(kBounds);             // (2D): max, min
  const float* output_scale = call.in(kOutputScale);  // (D)
  const int32_t* chosen = call.ints(kChosen);         // (rows)
  const float* eps = call.in(kEps);                   // (rows, D)
  const float* d_next = call.in(kDNext);              // (rows, states)
  const float* d_reward = call.in(kDReward);          // (rows)
  const int32_t* place = call.ints(kPlace);           // (rows) or null: row i is at i
  float* d_heads = call.out(kDHeads);                 // (members, rows, 2D)
  float* d_state = call.out(kDState);                 // (rows, states)
  for (int64_t i : share.elements(present, dimensions)) {
    Place at = place_of(i, dimensions);
    int64_t d = at.column, member = chosen[at.row], word = at.row * states + d;
    float by_output = d < states ? d_next[word] : d_reward[at.row];
    float g = output_scale[d] * by_output;
    int64_t of_member = rows * width, head = (place ? place[at.row] : at.row) * width + d;
    float raw = heads[member * of_member + head + dimensions];
    LogVariance lv = log_variance(raw, bounds[d], bounds[dimensions + d]);
    float slope = call.number(kNoise) * 0.5f * expf(0.5f * lv.value) * lv.by_raw;
    for (int64_t m = accumulate ? member : 0; m < (accumulate ? member + 1 : members); m++) {
      float* d_head = d_heads + m * of_member + head;
      put(d_head, m == member ? g : 0.0f, accumulate);
      put(d_head + dimensions, m == member ? g * eps[i] * slope : 0.0f, accumulate);
    }
    if (d < states) put(d_state + word, by_output, call.flag(kAccumulateState));
  }
}

}  // namespace mpdp::transition_sample_backward

MPDP_KERNEL(transition_sample_backward, 256) {
  mpdp::transition_sample_backward::run(call, mpdp::GridShare());
}
