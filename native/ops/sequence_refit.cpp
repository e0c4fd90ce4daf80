// Fits a plan to the best of its samples; see mpdp.backend.op.SequenceRefit.
//   objective (particles, rows)    sequence (steps, rows, actions)    mean, deviation (steps,
//   actions)
// A row's rank is the number of rows that beat it: rows^2 comparisons that need no sort, no order
// between threads, and fill vector registers. The elites' weights are few; every thread makes its
// own copy of them.
#include "mpdp/kernel.h"
#include "mpdp/math.h"

namespace mpdp::MPDP_ISA {
using namespace operands::sequence_refit;
namespace {

void scores(const Call& call, int64_t begin, int64_t end) {
  int64_t rows = call.size(kRows), particles = call.size(kParticles);
  const float* objective = call.in(kObjective);
  float* score = call.out(kScore);
  for (int64_t row = begin; row < end; row++) {
    double sum = 0;
    for (int64_t p = 0; p < particles; p++) sum += objective[p * rows + row];
    auto mean = static_cast<float>(sum / static_cast<double>(particles));
    score[row] = absolute(mean) < kInfinity ? mean : -kInfinity;
  }
}

int64_t rank(const float* __restrict score, int64_t rows, int64_t row) {
  int32_t better = 0;
  float mine = score[row];
  for (int64_t i = 0; i < row; i++) better += score[i] >= mine ? 1 : 0;
  for (int64_t i = row + 1; i < rows; i++) better += score[i] > mine ? 1 : 0;
  return better;
}

// The weights of the elites, divided by their sum; false if no score is finite.
bool weigh(const float* score, const int32_t* elite, int64_t elites, float sharpness,
           float* weight) {
  float best = score[elite[0]], total = 0.0f;
  if (best == -kInfinity) return false;
  for (int64_t k = 0; k < elites; k++) {
    float value = score[elite[k]];
    weight[k] = value == -kInfinity ? 0.0f : exp(sharpness * (value - best));
    total += weight[k];
  }
  for (int64_t k = 0; k < elites; k++) weight[k] /= total;
  return true;
}

}  // namespace
}  // namespace mpdp::MPDP_ISA

void MPDP_OP(sequence_refit)(const Call& call, Team& team) {
  int64_t rows = call.size(kRows), steps = call.size(kSteps), actions = call.size(kActions),
          elites = call.size(kElites);
  const float *sequence = call.in(kSequence), *score = call.in(kScore);
  float *mean = call.out(kMean), *deviation = call.out(kDeviation);
  int32_t* elite = call.int_out(kElite);
  float momentum = call.number(kMomentum);
  auto* weight = static_cast<float*>(team.scratch(static_cast<size_t>(elites) * sizeof(float)));
  int64_t begin, end;
  team.share(rows, 16, &begin, &end);
  scores(call, begin, end);
  team.barrier();
  for (int64_t row = begin; row < end; row++) {
    int64_t place = rank(score, rows, row);
    if (place < elites) elite[place] = static_cast<int32_t>(row);
  }
  team.barrier();
  if (!weigh(score, elite, elites, call.number(kSharpness), weight)) return;
  team.share(steps * actions, 16, &begin, &end);
  for (int64_t at = begin; at < end; at++) {
    const float* action = sequence + at / actions * rows * actions + at % actions;
    float fit = 0.0f, variance = 0.0f;
    for (int64_t k = 0; k < elites; k++) fit += weight[k] * action[elite[k] * actions];
    for (int64_t k = 0; k < elites; k++) {
      variance += weight[k] * square(action[elite[k] * actions] - fit);
    }
    float spread = momentum * deviation[at] + (1.0f - momentum) * __builtin_sqrtf(variance);
    mean[at] = momentum * mean[at] + (1.0f - momentum) * fit;
    deviation[at] = clamp(spread, call.number(kMinDeviation), call.number(kMaxDeviation));
  }
}
