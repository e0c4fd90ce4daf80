// Draws action sequences around a plan; see mpdp.backend.op.SequenceSample. One item per word of
// the sequences.
#include "common.clh"
#include "philox.clh"

__kernel GROUP(64) void sequence_sample(__global const int* random,       // (4)
                                        __global const float* mean,       // (steps, actions)
                                        __global const float* deviation,  // (steps, actions)
                                        __global float* sequence,         // (steps, rows, actions)
                                        __global float* scratch, const Call call) {
  random = AT(random, 0);
  mean = AT(mean, 1);
  deviation = AT(deviation, 2);
  sequence = AT(sequence, 3);
  size_t rows = (size_t)call.integers[0], actions = (size_t)call.integers[2];
  size_t at = get_global_id(0), h = at / (rows * actions), row = at / actions % rows;
  if (h >= (size_t)call.integers[1] || row < (size_t)call.integers[3]) return;
  size_t step = h * actions + at % actions;
  float normal = draw_normal(random, (uint)call.integers[4], (uint)at);
  sequence[at] = bounded(mean[step] + deviation[step] * normal, -1.0f, 1.0f);
}
