// Fits a plan to the best of its samples; see mpdp.backend.op.SequenceRefit. Four kernels: scores,
// one item per row; ranks, one item per row, which counts the rows that beat it (rows^2 comparisons
// need no sort); the elites' weights, one group; the fit, one item per (step, action).
#define OP op_sequence_refit
#include "common.clh"
#include "math.clh"

#define OPERANDS                                                            \
  __global const float *objective,    /* (particles, rows) */               \
      __global const float *sequence, /* (steps, rows, actions) */          \
      __global float *mean,           /* (steps, actions) */                \
      __global float *deviation,      /* (steps, actions) */                \
      __global float *score,          /* (rows) */                          \
      __global int *elite,            /* (elites) */                        \
      __global float *scratch,        /* (elites): weights, summing to 1 */ \
      const Call call

__kernel GROUP(64) void sequence_refit_scores(OPERANDS) {
  objective = AT(objective);
  score = AT(score);
  int rows = (int)INTEGER(rows), particles = (int)INTEGER(particles), row = get_global_id(0);
  if (row >= rows) return;
  Sum sum = {0.0f, 0.0f};
  for (int p = 0; p < particles; p++) sum = sum_add(sum, objective[(size_t)p * rows + row]);
  float mine = sum_value(sum) / (float)particles;
  score[row] = fabs(mine) < INFINITY ? mine : -INFINITY;
}

__kernel GROUP(64) void sequence_refit_ranks(OPERANDS) {
  score = AT(score);
  elite = AT(elite);
  int rows = (int)INTEGER(rows), row = get_global_id(0), rank = 0;
  if (row >= rows) return;
  for (int i = 0; i < row; i++) rank += score[i] >= score[row] ? 1 : 0;
  for (int i = row + 1; i < rows; i++) rank += score[i] > score[row] ? 1 : 0;
  if (rank < (int)INTEGER(elites)) elite[rank] = row;
}

__kernel GROUP(64) void sequence_refit_weights(OPERANDS) {
  __local float work[64];
  score = AT(score);
  elite = AT(elite);
  int elites = (int)INTEGER(elites);
  float best = score[elite[0]], total = 0.0f;
  for (int k = get_local_id(0); k < elites; k += 64) {
    float value = score[elite[k]];
    float weight = value == -INFINITY ? 0.0f : exp_of(NUMBER(sharpness) * (value - best));
    scratch[k] = weight;
    total += weight;
  }
  total = group_sum(total, work);
  for (int k = get_local_id(0); k < elites; k += 64) scratch[k] /= total;
}

__kernel GROUP(16) void sequence_refit(OPERANDS) {
  sequence = AT(sequence);
  mean = AT(mean);
  deviation = AT(deviation);
  score = AT(score);
  elite = AT(elite);
  size_t rows = (size_t)INTEGER(rows), actions = (size_t)INTEGER(actions);
  size_t at = get_global_id(0);
  int elites = (int)INTEGER(elites);
  if (at >= INTEGER(steps) * actions || score[elite[0]] == -INFINITY) return;
  __global const float* action = sequence + at / actions * rows * actions + at % actions;
  float fit = 0.0f, variance = 0.0f, momentum = NUMBER(momentum);
  for (int k = 0; k < elites; k++) fit += scratch[k] * action[elite[k] * actions];
  for (int k = 0; k < elites; k++) {
    variance += scratch[k] * square(action[elite[k] * actions] - fit);
  }
  float spread = momentum * deviation[at] + (1.0f - momentum) * sqrt(variance);
  mean[at] = momentum * mean[at] + (1.0f - momentum) * fit;
  deviation[at] = bounded(spread, NUMBER(min_deviation), NUMBER(max_deviation));
}
