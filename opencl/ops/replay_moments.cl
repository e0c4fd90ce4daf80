// Mean and standard deviation over the replay ring; see mpdp.backend.op.ReplayMoments. Columns are
// the inputs, the reward and the state changes. Four passes, one per stage: sums of the distances
// from the ring's first row over 64 chunks of rows, their mean, sums of the squared distances from
// that mean, and the results. Two passes over the data instead of one keep a large mean from
// costing digits without double precision. Memory-bound: each row is read twice.
#define OP op_replay_moments
#include "common.clh"

#define CHUNKS 64

enum { SUM, MEAN, SQUARES, RESULT };

// Column c of a row less the same of the first row. Differences of close values are exact.
static inline float distance_of(__global const float* columns, int inputs, int states, long row,
                                int c) {
  __global const float* from = columns + row * (inputs + states + 2);
  int change = c - inputs - 1;
  float value = change < 0 ? from[c] : from[inputs + 1 + change] - from[change];
  float first = change < 0 ? columns[c] : columns[inputs + 1 + change] - columns[change];
  return value - first;
}

// One item per (chunk, column).
__kernel GROUP(64) void replay_moments_sums(
    __global const float* columns,  // (capacity, 2 states + actions + 2)
    __global const int* size,       // (1)
    __global float* input_mean, __global float* input_inv_std, __global float* output_mean,
    __global float* output_scale,
    __global float* scratch,  // sums (chunks, columns), mean distances (columns)
    const Call call) {
  columns = AT(columns);
  size = AT(size);
  int states = (int)INTEGER(states), inputs = states + (int)INTEGER(actions);
  int width = inputs + (INTEGER(targets) != 0 ? states + 1 : 0);
  int item = get_global_id(0), c = item % width, chunk = item / width;
  if (chunk >= CHUNKS) return;
  long rows = size[0], step = (rows + CHUNKS - 1) / CHUNKS, end = min(rows, (chunk + 1) * step);
  float centre = call.stage[0] == SUM ? 0.0f : scratch[CHUNKS * width + c];
  Sum sum = {0.0f, 0.0f};
  for (long row = chunk * step; row < end; row++) {
    float distance = distance_of(columns, inputs, states, row, c) - centre;
    sum = sum_add(sum, call.stage[0] == SUM ? distance : distance * distance);
  }
  scratch[item] = sum_value(sum);
}

// One item per column.
__kernel GROUP(16) void replay_moments(
    __global const float* columns,  // (capacity, 2 states + actions + 2)
    __global const int* size,       // (1)
    __global float* input_mean,     // (states + actions)
    __global float* input_inv_std,  // (states + actions)
    __global float* output_mean,    // (states + 1), written when targets
    __global float* output_scale,   // (states + 1), written when targets
    __global float* scratch,        // sums (chunks, columns), mean distances (columns)
    const Call call) {
  columns = AT(columns);
  size = AT(size);
  input_mean = AT(input_mean);
  input_inv_std = AT(input_inv_std);
  output_mean = AT(output_mean);
  output_scale = AT(output_scale);
  int states = (int)INTEGER(states), inputs = states + (int)INTEGER(actions);
  int width = inputs + (INTEGER(targets) != 0 ? states + 1 : 0), c = get_global_id(0);
  if (c >= width) return;
  Sum sum = {0.0f, 0.0f};
  for (int chunk = 0; chunk < CHUNKS; chunk++) sum = sum_add(sum, scratch[chunk * width + c]);
  float share = sum_value(sum) / (float)size[0];
  if (call.stage[0] == MEAN) {
    scratch[CHUNKS * width + c] = share;
    return;
  }
  int change = c - inputs - 1, output = change < 0 ? states : change;
  float first = change < 0 ? columns[c] : columns[inputs + 1 + change] - columns[change];
  float mean = first + scratch[CHUNKS * width + c], deviation = sqrt(share);
  deviation = deviation < 1e-6f ? 1.0f : deviation;
  if (c < inputs) {
    input_mean[c] = mean;
    input_inv_std[c] = 1.0f / deviation;
  } else {
    output_mean[output] = mean;
    output_scale[output] = deviation;
  }
}
