// Draws action sequences around a plan; see mpdp.backend.op.SequenceSample.
//   sequence (steps, rows, actions)    mean, deviation (steps, actions)
// Each step's rows are shared on their own, so a thread writes normals in place and turns them into
// actions while they are in the first-level cache.
#include "mpdp/kernel.h"
#include "mpdp/philox.h"

void MPDP_OP(sequence_sample)(const Call& call, Team& team) {
  int64_t rows = call.size(0), steps = call.size(1), actions = call.size(2), first = call.size(3);
  RandomState random(call.ints(0));
  int64_t begin, end;
  team.share(rows - first, 16, &begin, &end);
  if (begin == end) return;
  for (int64_t h = 0; h < steps; h++) {
    int64_t row = h * rows + first;
    const float* mean = call.in(1) + h * actions;
    const float* deviation = call.in(2) + h * actions;
    float* action = call.out(3) + (row + begin) * actions;
    draw_normals(random, call.size(4), (row + begin) * actions, (end - begin) * actions, action);
    for (int64_t i = begin; i < end; i++, action += actions) {
      for (int64_t j = 0; j < actions; j++) {
        action[j] = clamp(mean[j] + deviation[j] * action[j], -1.0f, 1.0f);
      }
    }
  }
}
