// Standardised batches for the dynamics ensemble from the replay ring; see
// mpdp.backend.op.ModelGather. A thread per word of (x, target); each makes its row's two draws
// again, which costs less than a pass that stores them. 12 bytes a word.
#include "philox.cuh"
#include "rows.cuh"

namespace mpdp::model_gather {

struct Problem {
  int64_t rows, states, actions, fold, site, size, holdout_rows, training;
  bool holdout;
  int64_t start, looked, present;  // holdout: first row, rows looked at; rows present

  explicit MPDP_DEVICE Problem(const Call& call)
      : rows(call.size(1)),
        states(call.size(2)),
        actions(call.size(3)),
        fold(call.size(4)),
        site(call.size(5)),
        size(call.ints(1)[0]),
        holdout_rows(size / fold),
        training(size - holdout_rows),
        holdout(call.flag(6)),
        start(call.ints(2)[1] * rows),
        looked(least(holdout_rows, call.size(7) * rows)),
        present(holdout        ? most(0, least(rows, looked - start))
                : training > 0 ? rows
                               : 0) {}

  // The ring row of member m's row i.
  MPDP_DEVICE int64_t ring_row(const Call& call, int64_t m, int64_t i) const {
    if (holdout) return (start + i) * holdout_rows / looked * fold + fold - 1;
    RandomState random(call.ints(3));
    int64_t j = index_of(draw_word(random, site, m * rows + i), training);
    PhiloxBlock counter = {static_cast<uint32_t>(j), static_cast<uint32_t>(site + 1),
                           static_cast<uint32_t>(call.ints(2)[0]), static_cast<uint32_t>(m)};
    int64_t t = index_of(philox(counter, random.key_low, random.key_high).a, training);
    return t + t / (fold - 1);
  }
};

}  // namespace mpdp::model_gather

MPDP_KERNEL(model_gather, 256) {
  mpdp::model_gather::Problem p(call);
  int64_t inputs = p.states + p.actions, outputs = p.states + 1, width = inputs + outputs;
  const float* input_mean = call.in(4);     // (inputs)
  const float* input_inverse = call.in(5);  // (inputs)
  const float* output_mean = call.in(6);    // (outputs)
  const float* output_scale = call.in(7);   // (outputs)
  int64_t item = mpdp::first_item(), elements = call.size(0) * p.present * width;
  if (item == 0) call.int_out(10)[0] = static_cast<int32_t>(p.present);
  for (; item < elements; item += mpdp::item_stride()) {
    mpdp::Place at = mpdp::place_of(item, width), in_member = mpdp::place_of(at.row, p.present);
    int64_t m = in_member.row, i = in_member.column, row = m * p.rows + i, d = at.column;
    // (capacity, 2 states + actions + 2): state, action, reward, next state, terminated
    const float* ring = call.in(0) + p.ring_row(call, m, i) * (inputs + outputs + 1);
    if (d < inputs) {
      call.out(8)[row * inputs + d] = (ring[d] - input_mean[d]) * input_inverse[d];
    } else {
      d -= inputs;
      float value = d < p.states ? ring[inputs + 1 + d] - ring[d] : ring[inputs];
      call.out(9)[row * outputs + d] = (value - output_mean[d]) / output_scale[d];
    }
  }
}
