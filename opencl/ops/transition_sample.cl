// Samples next states and rewards from a random elite member; see
// mpdp.backend.op.TransitionSample. One item per block of four words of (rows, D), whose normals
// are drawn together; D = states + 1. A row's member is drawn by each of its items: ten rounds of
// Philox are cheaper than a second kernel.
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
                                          __global const int* place,           // (rows) or null
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
  place = AT(place, 8);
  next = AT(next, 9);
  reward = AT(reward, 10);
  chosen = AT(chosen, 11);
  eps = AT(eps, 12);
  uint rows = (uint)call.integers[1], states = (uint)call.integers[2], width = states + 1;
  uint site = (uint)call.integers[4], block = get_global_id(0);
  uint end = (uint)present_rows((int)rows, count) * width, member = 0;
  if (4 * block >= end) return;
  float normals[4];
  vstore4(draw_normals(random, site + 1u, block), 0, normals);
  for (uint element = 4 * block; element < min(4 * block + 4, end); element++) {
    uint row = element / width, d = element - row * width;
    if (element == 4 * block || d == 0) {
      member = (uint)elites[draw_choice(random, site, row, (int)call.integers[3])];
    }
    uint at = place ? (uint)place[row] : row;
    __global const float* head = heads + ((size_t)member * rows + at) * 2 * width;
    float lv = log_variance(head[width + d], bounds[d], bounds[width + d]).value;
    float normal = normals[element & 3u];
    float z = head[d] + call.numbers[0] * exp_of(0.5f * lv) * normal;
    float change = output_mean[d] + output_scale[d] * z;
    eps[element] = normal;
    if (d < states) {
      next[(size_t)row * states + d] = state[(size_t)row * states + d] + change;
    } else {
      reward[row] = change;
      chosen[row] = (int)member;
    }
  }
}
