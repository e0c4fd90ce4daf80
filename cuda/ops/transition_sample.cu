// Samples next states and rewards from a random elite member; see
// mpdp.backend.op.TransitionSample. A thread per element of (next state, reward): it makes its
// row's draw of a member again rather than wait for one that did, and reads only that member's
// head. 32 bytes an element.
#include "philox.cuh"
#include "rows.cuh"

namespace mpdp::transition_sample {
using namespace operands::transition_sample;

template <typename Share>
MPDP_DEVICE void run(const Call& call, const Share& share) {
  int64_t rows = call.size(kRows), states = call.size(kStates),
          elite_count = call.size(kEliteCount);
  int64_t site = call.size(kSite), dimensions = states + 1;
  int64_t present = call.present(rows, kCount);
  const float* heads = call.in(kHeads);               // (members, rows, 2D): mean, raw log-variance
  const float* bounds = call.in(kBounds);             // (2D): max, min
  const float* output_mean = call.in(kOutputMean);    // (D)
  const float* output_scale = call.in(kOutputScale);  // (D)
  const float* state = call.in(kState);               // (rows, states)
  const int32_t* elites = call.ints(kElites);         // (eliteCount)
  RandomState random(call.ints(kRandom));
  const int32_t* root = call.ints(kRoot);    // (rows) or null: row i is root i
  const int32_t* place = call.ints(kPlace);  // (rows) or null: row i is at i
  float* next = call.out(kNext);             // (rows, states)
  float* reward = call.out(kReward);         // (rows)
  int32_t* chosen = call.int_out(kChosen);   // (rows)
  float* eps = call.out(kEps);               // (rows, D)
  for (int64_t i : share.elements(present, dimensions)) {
    Place at = place_of(i, dimensions);
    int64_t d = at.column;
    int64_t drawn = root ? root[at.row] : at.row;
    int32_t member = elites[draw_choice(random, site, drawn, elite_count)];
    float normal = draw_normal(random, site + 1, drawn * dimensions + d);
    int64_t row = place ? place[at.row] : at.row;
    const float* head = heads + (member * rows + row) * 2 * dimensions + d;
    LogVariance lv = log_variance(head[dimensions], bounds[d], bounds[dimensions + d]);
    float z = head[0] + call.number(kNoise) * expf(0.5f * lv.value) * normal;
    eps[i] = normal;
    if (d < states) {
      int64_t word = at.row * states + d;
      next[word] = state[word] + output_mean[d] + output_scale[d] * z;
    } else {
      reward[at.row] = output_mean[d] + output_scale[d] * z;
      chosen[at.row] = member;
    }
  }
}

}  // namespace mpdp::transition_sample

MPDP_KERNEL(transition_sample, 256) { mpdp::transition_sample::run(call, mpdp::GridShare()); }
