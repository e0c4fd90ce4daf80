// Samples next states and rewards from a random elite member; see
// mpdp.backend.op.TransitionSample. One item per (row, dimension); D = states + 1. The row's
// member is drawn by each of its items: ten rounds of Philox are cheaper than a second kernel.
#include "common.clh"
#include "gaussian_head.clh"
#include "philox.clh"

__kernel GROUP(64) void transition_sample(__global const float* heads,        // (members, rows, 2D)
                                          __global const float* bounds,       // (2D): max, min
                                          __global const float* output_mean,  // (D)
                                          __global const float* output_scale,  // (D)
                                          __global const float* state,         // (rows, states)
                                          __global const int* elites,          // (eliteCount)
                                          __global const int* random,          // (4)
                                          __global const int* count,           // (1) or null
                                          __global float* next,                // (rows, states)
                                          __global float* reward,              // (rows)
                                          __global int* chosen,                // (rows)
                                          __global float* eps,                 // (rows, D)
                                          __global float* scratch, const Call call) {
  heads = AT(heads, 0);
  bounds = AT(bounds, 1);
  output_mean = AT(output_mean, 2);
  output_scale = AT(output_scale, 3);
  state = AT(state, 4);
  elites = AT(elites, 5);
  random = AT(random, 6);
  count = AT(count, 7);
  next = AT(next, 8);
  reward = AT(reward, 9);
  chosen = AT(chosen, 10);
  eps = AT(eps, 11);
  size_t rows = (size_t)call.integers[1], states = (size_t)call.integers[2], width = states + 1;
  size_t element = get_global_id(0), row = element / width, d = element - row * width;
  if (row >= (size_t)present_rows((int)rows, count)) return;
  uint site = (uint)call.integers[4];
  int member = elites[draw_choice(random, site, (uint)row, (int)call.integers[3])];
  float normal = draw_normal(random, site + 1u, (uint)element);
  __global const float* head = heads + (member * rows + row) * 2 * width;
  float lv = log_variance(head[width + d], bounds[d], bounds[width + d]).value;
  float z = head[d] + call.numbers[0] * exp_of(0.5f * lv) * normal;
  float change = output_mean[d] + output_scale[d] * z;
  eps[element] = normal;
  if (d < states) {
    next[row * states + d] = state[row * states + d] + change;
  } else {
    reward[row] = change;
    chosen[row] = member;
  }
}
