// Standardised batches for the dynamics ensemble from the replay ring; see
// mpdp.backend.op.ModelGather. A warp takes a few rows of (x, target): its lanes make their draws,
// one row each, and then move the rows' words, neighbours together and the same word of all rows at
// once. 12 bytes a word.
#include "philox.cuh"
#include "rows.cuh"

namespace mpdp::model_gather {
using namespace operands::model_gather;

constexpr int kRowsOfWarp = 4;  // RowLaunches.MODEL_ROWS

struct Problem {
  int64_t rows, states, actions, fold, site, size, holdout_rows, training;
  bool holdout;
  int64_t start, looked, present;  // holdout: first row, rows looked at; rows present

  explicit MPDP_DEVICE Problem(const Call& call)
      : rows(call.size(kRows)),
        states(call.size(kStates)),
        actions(call.size(kActions)),
        fold(call.size(kFold)),
        site(call.size(kSite)),
        size(call.ints(kSize)[0]),
        holdout_rows(size / fold),
        training(size - holdout_rows),
        holdout(call.flag(kHoldout)),
        start(call.ints(kControl)[1] * rows),
        looked(least(holdout_rows, call.size(kChunks) * rows)),
        present(holdout        ? most(0, least(rows, looked - start))
                : training > 0 ? rows
                               : 0) {}

  // The ring row of member m's row i.
  MPDP_DEVICE int64_t ring_row(const Call& call, int64_t m, int64_t i) const {
    if (holdout) return (start + i) * holdout_rows / looked * fold + fold - 1;
    RandomState random(call.ints(kRandom));
    int64_t j = index_of(draw_word(random, site, m * rows + i), training);
    PhiloxBlock counter = {static_cast<uint32_t>(j), static_cast<uint32_t>(site + 1),
                           static_cast<uint32_t>(call.ints(kControl)[0]), static_cast<uint32_t>(m)};
    int64_t t = index_of(philox(counter, random.key_low, random.key_high).a, training);
    return t + t / (fold - 1);
  }
};

}  // namespace mpdp::model_gather

MPDP_KERNEL(model_gather, 256) {
  using namespace mpdp::model_gather;
  Problem p(call);
  int64_t inputs = p.states + p.actions, outputs = p.states + 1, width = inputs + outputs;
  const float* columns = call.in(kColumns);  // (capacity, 2 states + actions + 2): state, action,
                                             // reward, next state, terminated
  const float* input_mean = call.in(kInputMean);       // (inputs)
  const float* input_inv_std = call.in(kInputInvStd);  // (inputs)
  const float* output_mean = call.in(kOutputMean);     // (outputs)
  const float* output_scale = call.in(kOutputScale);   // (outputs)
  float* x = call.out(kX);                             // (members, rows, inputs)
  float* target = call.out(kTarget);                   // (members, rows, outputs)
  int64_t items = call.size(kMembers) * p.present, first = mpdp::first_warp() * kRowsOfWarp;
  if (mpdp::first_item() == 0) call.int_out(kPresent)[0] = static_cast<int32_t>(p.present);
  int lane = static_cast<int>(threadIdx.x) % 32;
  for (; first < items; first += mpdp::warp_stride() * kRowsOfWarp) {
    int64_t item = mpdp::least(first + lane % kRowsOfWarp, items - 1);
    mpdp::Place at = mpdp::place_of(item, p.present);
    int64_t from = p.ring_row(call, at.row, at.column), to = at.row * p.rows + at.column;
    const float* ring[kRowsOfWarp];
    int64_t row[kRowsOfWarp];
#pragma unroll
    for (int r = 0; r < kRowsOfWarp; r++) {
      ring[r] = columns + __shfl_sync(~0u, from, r) * (width + 1);
      row[r] = __shfl_sync(~0u, to, r);
    }
    int64_t rows = mpdp::least(kRowsOfWarp, items - first);
    for (int64_t d = lane; d < width; d += 32) {
      float value[kRowsOfWarp];
      int64_t output = d - inputs;
#pragma unroll
      for (int r = 0; r < kRowsOfWarp; r++) {
        value[r] = output < 0          ? ring[r][d]
                   : output < p.states ? ring[r][inputs + 1 + output] - ring[r][output]
                                       : ring[r][inputs];
      }
      float mean = output < 0 ? input_mean[d] : output_mean[output];
      float scale = output < 0 ? input_inv_std[d] : 1.0f / output_scale[output];
#pragma unroll
      for (int r = 0; r < kRowsOfWarp; r++) {
        if (r >= rows) continue;
        *(output < 0 ? x + row[r] * inputs + d : target + row[r] * outputs + output) =
            (value[r] - mean) * scale;
      }
    }
  }
}
