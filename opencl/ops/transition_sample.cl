// Samples next states and rewards from a random elite member; see
// mpdp.backend.op.TransitionSample. One item per WORDS blocks of four words of (rows, D), whose
// normals are drawn together (block by block, or each by its root); D = states + 1. A row's member
// is drawn by each of its items: ten rounds of Philox are cheaper than a second kernel.
#define OP op_transition_sample
#include "common.clh"
#include "gaussian_head.clh"
#include "philox.clh"

// What WORDS elements are made of.
typedef struct {
  float mean[WORDS], raw[WORDS], max[WORDS], min[WORDS], shift[WORDS], scale[WORDS];
} Parts;

// Where an element is in (rows, D).
typedef struct {
  uint row, d;
} Place;

static inline Place after(Place place, uint width) {
  Place next = {place.row + (place.d + 1 == width), place.d + 1 == width ? 0 : place.d + 1};
  return next;
}

// The change of the state, or the reward, for each element.
static inline Words changes(const Parts* parts, Words normals, float noise) {
  Words max = load_lanes(parts->max), min = load_lanes(parts->min);
  Words lv = log_variance(load_lanes(parts->raw), max, min).value;
  Words z = load_lanes(parts->mean) + noise * exp_of(0.5f * lv) * normals;
  return load_lanes(parts->shift) + load_lanes(parts->scale) * z;
}

__kernel GROUP(DRAWERS) void transition_sample(__global const float* heads,   // (members, rows, 2D)
                                               __global const float* bounds,  // (2D): max, min
                                               __global const float* output_mean,   // (D)
                                               __global const float* output_scale,  // (D)
                                               __global const float* state,  // (rows, states)
                                               __global const int* elites,   // (eliteCount)
                                               __global const int* random,   // (4)
                                               __global const int* count,    // (1) or null
                                               __global const int* root,     // (rows) or null
                                               __global const int* place,    // (rows) or null
                                               __global float* next,         // (rows, states)
                                               __global float* reward,       // (rows)
                                               __global int* chosen,         // (rows)
                                               __global float* eps,          // (rows, D)
                                               __global float* scratch, const Call call) {
  heads = AT(heads);
  bounds = AT(bounds);
  output_mean = AT(output_mean);
  output_scale = AT(output_scale);
  state = AT(state);
  elites = AT(elites);
  random = AT(random);
  count = AT(count);
  root = AT(root);
  place = AT(place);
  next = AT(next);
  reward = AT(reward);
  chosen = AT(chosen);
  eps = AT(eps);
  uint rows = (uint)INTEGER(rows), states = (uint)INTEGER(states), width = states + 1;
  uint site = (uint)INTEGER(site), first = 4 * WORDS * get_global_id(0), member = 0;
  uint end = (uint)present_rows((int)rows, count) * width;
  if (first >= end) return;
  float normals[4 * WORDS];
  if (!root) draw_normal_blocks(random, site + 1u, first / 4, normals);
  Place at = {first / width, first % width};
  for (uint from = first; from < min(first + 4 * WORDS, end); from += WORDS) {
    Parts parts = {{0.0f}, {0.0f}, {0.0f}, {0.0f}, {0.0f}, {0.0f}};
    int left = min((int)(end - from), WORDS), members[WORDS];
    uint drawn[WORDS] = {0};  // the element of each draw
    Place begin = at;
    for (int i = 0; i < left; i++, at = after(at, width)) {
      uint number = root ? (uint)root[at.row] : at.row;
      drawn[i] = number * width + at.d;
      if (from + i == first || at.d == 0) {
        member = (uint)elites[draw_choice(random, site, number, (int)INTEGER(elite_count))];
      }
      size_t head = (size_t)member * rows + (place ? (uint)place[at.row] : at.row);
      parts.mean[i] = heads[head * 2 * width + at.d];
      parts.raw[i] = heads[head * 2 * width + width + at.d];
      parts.max[i] = bounds[at.d];
      parts.min[i] = bounds[width + at.d];
      parts.shift[i] = output_mean[at.d];
      parts.scale[i] = output_scale[at.d];
      members[i] = (int)member;
    }
    Words normal =
        root ? draw_normal_lanes(random, site + 1u, drawn) : load_lanes(normals + (from - first));
    store_words(normal, eps + from, left);
    float change[WORDS];
    store_lanes(changes(&parts, normal, NUMBER(noise)), change);
    at = begin;
    for (int i = 0; i < left; i++, at = after(at, width)) {
      size_t to = (size_t)at.row * states + at.d;
      if (at.d < states) {
        next[to] = state[to] + change[i];
      } else {
        reward[at.row] = change[i];
        chosen[at.row] = members[i];
      }
    }
  }
}
