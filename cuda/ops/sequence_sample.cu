// Draws action sequences around a plan; see mpdp.backend.op.SequenceSample. A thread per action;
// 4 bytes an action, the plan is small and stays in L1. Blocks along y are steps.
#include "philox.cuh"
#include "rows.cuh"

MPDP_KERNEL(sequence_sample, 256) {
  using namespace mpdp::operands::sequence_sample;
  int64_t rows = call.size(kRows), actions = call.size(kActions), first = call.size(kFirst),
          step = blockIdx.y;
  mpdp::RandomState random(call.ints(kRandom));
  const float* mean = call.in(kMean) + step * actions;            // (steps, actions): one step's
  const float* deviation = call.in(kDeviation) + step * actions;  // (steps, actions): one step's
  float* sequence = call.out(kSequence);                          // (steps, rows, actions)
  int64_t begin = (step * rows + first) * actions, elements = (rows - first) * actions;
  for (int64_t i = mpdp::first_item(); i < elements; i += mpdp::item_stride()) {
    int j = mpdp::place_of(i, actions).column;
    float normal = mpdp::draw_normal(random, call.size(kSite), begin + i);
    sequence[begin + i] = mpdp::clamp_to(mean[j] + deviation[j] * normal, -1.0f, 1.0f);
  }
}
