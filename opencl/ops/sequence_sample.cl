// Draws action sequences around a plan; see mpdp.backend.op.SequenceSample. One item per
// block of four words of the sequences, whose normals are drawn together.
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
  uint rows = (uint)call.integers[0], steps = (uint)call.integers[1];
  uint actions = (uint)call.integers[2], first = (uint)call.integers[3], block = get_global_id(0);
  if (4 * block >= steps * rows * actions) return;
  float normals[4];
  vstore4(draw_normals(random, (uint)call.integers[4], block), 0, normals);
  for (uint at = 4 * block; at < min(4 * block + 4, steps * rows * actions); at++) {
    uint place = at / actions, action = at - place * actions, h = place / rows;
    if (place - h * rows < first) continue;
    uint step = h * actions + action;
    sequence[at] = bounded(mean[step] + deviation[step] * normals[at & 3u], -1.0f, 1.0f);
  }
}
