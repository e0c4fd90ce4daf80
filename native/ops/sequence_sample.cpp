// Draws action sequences around a plan; see mpdp.backend.op.SequenceSample.
//   sequence (steps, rows, actions)    mean, deviation (steps, actions)
// Each step's rows are shared on their own, so a thread writes normals in place and turns them into
// actions while they are in the first-level cache.
#include "mpdp/kernel.h"
#include "mpdp/philox.h"

void MPDP_OP(sequence_sample)(const Call& call, Team& team) {
  using namespace operands::sequence_sample;
  int64_t rows = call.size(kRows), steps = call.size(kSteps), actions = call.size(kActions),
          first = call.size(kFirst);
  RandomState random(call.ints(kRandom));
  int64_t begin, end;
  team.share(rows - first, 16, &begin, &end);
  if (begin == end) return;
  for (int64_t h = 0; h < steps; h++) {
    int64_t row = h * rows + first;
    const float* mean = call.in(kMean) + h * actions;
    const float* deviation = call.in(kDeviation) + h * actions;
    float* action = call.out(kSequence) + (row + begin) * actions;
    draw_normals(random, call.size(kSite), (row + begin) * actions, (end - begin) * actions,
                 action);
    for (int64_t i = begin; i < end; i++, action += actions) {
      for (int64_t j = 0; j < actions; j++) {
        action[j] = clamp(mean[j] + deviation[j] * action[j], -1.0f, 1.0f);
      }
    }
  }
}
