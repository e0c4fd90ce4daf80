// Draws action sequences around a plan; see mpdp.backend.op.SequenceSample. One item per
// WORDS blocks of four words of the sequences, whose normals are drawn together.
#include "common.clh"
#include "philox.clh"

__kernel GROUP(DRAWERS) void sequence_sample(__global const int* random,       // (4)
                                             __global const float* mean,       // (steps, actions)
                                             __global const float* deviation,  // (steps, actions)
                                             __global float* sequence,  // (steps, rows, actions)
                                             __global float* scratch, const Call call) {
  random = AT(random, 0);
  mean = AT(mean, 1);
  deviation = AT(deviation, 2);
  sequence = AT(sequence, 3);
  uint rows = (uint)call.integers[0], steps = (uint)call.integers[1];
  uint actions = (uint)call.integers[2], first = (uint)call.integers[3];
  uint begin = 4 * WORDS * get_global_id(0), end = steps * rows * actions;
  if (begin >= end) return;
  float normals[4 * WORDS];
  draw_normal_blocks(random, (uint)call.integers[4], begin / 4, normals);
  for (uint at = begin; at < min(begin + 4 * WORDS, end); at++) {
    uint place = at / actions, action = at - place * actions, h = place / rows;
    if (place - h * rows < first) continue;
    uint step = h * actions + action;
    sequence[at] = bounded(mean[step] + deviation[step] * normals[at - begin], -1.0f, 1.0f);
  }
}
