// Draws action sequences around a plan; see mpdp.backend.op.SequenceSample. One item per
// WORDS blocks of four words of the sequences, whose normals are drawn together.
#define OP op_sequence_sample
#include "common.clh"
#include "philox.clh"

__kernel GROUP(DRAWERS) void sequence_sample(__global const int* random,       // (4)
                                             __global const float* mean,       // (steps, actions)
                                             __global const float* deviation,  // (steps, actions)
                                             __global float* sequence,  // (steps, rows, actions)
                                             __global float* scratch, const Call call) {
  random = AT(random);
  mean = AT(mean);
  deviation = AT(deviation);
  sequence = AT(sequence);
  uint rows = (uint)INTEGER(rows), steps = (uint)INTEGER(steps);
  uint actions = (uint)INTEGER(actions), first = (uint)INTEGER(first);
  uint begin = 4 * WORDS * get_global_id(0), end = steps * rows * actions;
  if (begin >= end) return;
  float normals[4 * WORDS];
  draw_normal_blocks(random, (uint)INTEGER(site), begin / 4, normals);
  for (uint at = begin; at < min(begin + 4 * WORDS, end); at++) {
    uint place = at / actions, action = at - place * actions, h = place / rows;
    if (place - h * rows < first) continue;
    uint step = h * actions + action;
    sequence[at] = bounded(mean[step] + deviation[step] * normals[at - begin], -1.0f, 1.0f);
  }
}
