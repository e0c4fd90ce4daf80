// Gaussian negative log-likelihood of an ensemble with its gradient; see
// mpdp.backend.op.GaussianNll. The first kernel has one item per (member, chunk of 16 rows,
// dimension), which leaves its sums in scratch; the second one adds them in order. About 100 flops
// per element, so items on CPUs take the rows of their chunk at once.
#define OP op_gaussian_nll
#include "common.clh"
#include "gaussian_head.clh"

#define CHUNK 16

// Blocks of scratch, (members, chunks, dimensions) each.
enum { LOSS, SQUARED_ERROR, BY_MAX, BY_MIN, SUMS };

__kernel GROUP(64) void gaussian_nll_rows(__global const float* heads,    // (members, rows, 2D)
                                          __global const float* targets,  // (rows, D), or (members,
                                                                          // rows, D) when private
                                          __global const float* bounds,   // (2D): max, min
                                          __global const int* count,      // (1) or null
                                          __global float* loss, __global float* squared_error,
                                          __global float* d_heads,  // (members, rows, 2D) or null
                                          __global float* d_bounds,
                                          __global float* scratch,  // (4, members, chunks, D)
                                          const Call call) {
  heads = AT(heads);
  targets = AT(targets);
  bounds = AT(bounds);
  count = AT(count);
  d_heads = AT(d_heads);
  int members = (int)INTEGER(members), rows = (int)INTEGER(rows), width = (int)INTEGER(dimensions);
  int present = present_rows(rows, count), chunks = (rows + CHUNK - 1) / CHUNK;
  int items = members * chunks * width, item = get_global_id(0);
  if (item >= items) return;
  int d = item % width, chunk = item / width % chunks, member = item / width / chunks;
  size_t first = (size_t)member * rows, first_target = INTEGER(private_targets) != 0 ? first : 0;
  float scale = 1.0f / ((float)present * (float)width);
  float sums[SUMS] = {0.0f, 0.0f, 0.0f, 0.0f};
  int end = min(present, chunk * CHUNK + CHUNK);
  for (int row = chunk * CHUNK; row < end; row += WORDS) {
    int left = end - row, step = 2 * width;
    size_t at = (first + row) * step + d;
    Words max = (Words)(bounds[d]), min = (Words)(bounds[width + d]);
    LogVariances lv = log_variance(load_column(heads + at + width, step, left), max, min);
    Words difference = load_column(heads + at, step, left) -
                       load_column(targets + (first_target + row) * width + d, width, left);
    Words precision = exp_of(-lv.value), squared = difference * difference;
    Words ratio = squared * precision, by_lv = scale * (1.0f - ratio);
    if (d_heads) {
      store_column(scale * 2.0f * difference * precision, d_heads + at, step, left);
      store_column(by_lv * lv.by_raw, d_heads + at + width, step, left);
    }
    sums[LOSS] = add_words(sums[LOSS], ratio + lv.value, left);
    sums[SQUARED_ERROR] = add_words(sums[SQUARED_ERROR], squared, left);
    sums[BY_MAX] = add_words(sums[BY_MAX], by_lv * lv.by_max, left);
    sums[BY_MIN] = add_words(sums[BY_MIN], by_lv * lv.by_min, left);
  }
  for (int s = 0; s < SUMS; s++) scratch[(size_t)s * items + item] = sums[s];
}

// n words, `step` apart.
static inline float total(__global const float* from, int n, int step) {
  Sum sum = {0.0f, 0.0f};
  for (int i = 0; i < n; i++) sum = sum_add(sum, from[(size_t)i * step]);
  return sum_value(sum);
}

// One item per member and, after those, one per dimension.
__kernel GROUP(16) void gaussian_nll(__global const float* heads, __global const float* targets,
                                     __global const float* bounds,
                                     __global const int* count,      // (1) or null
                                     __global float* loss,           // (members)
                                     __global float* squared_error,  // (members)
                                     __global float* d_heads,
                                     __global float* d_bounds,       // (2D): max, min; or null
                                     __global const float* scratch,  // (4, members, chunks, D)
                                     const Call call) {
  count = AT(count);
  loss = AT(loss);
  squared_error = AT(squared_error);
  d_bounds = AT(d_bounds);
  int members = (int)INTEGER(members), rows = (int)INTEGER(rows), width = (int)INTEGER(dimensions);
  int present = present_rows(rows, count), chunks = (rows + CHUNK - 1) / CHUNK;
  size_t block = (size_t)members * chunks * width;
  int item = get_global_id(0), d = item - members;
  if (item < members) {
    float share = present == 0 ? 0.0f : 1.0f / ((float)present * (float)width);
    __global const float* mine = scratch + (size_t)item * chunks * width;
    loss[item] = share * total(mine + LOSS * block, chunks * width, 1);
    squared_error[item] = share * total(mine + SQUARED_ERROR * block, chunks * width, 1);
  } else if (d < width && d_bounds) {
    float weight = NUMBER(bounds_weight);
    d_bounds[d] = weight + total(scratch + BY_MAX * block + d, members * chunks, width);
    d_bounds[width + d] = -weight + total(scratch + BY_MIN * block + d, members * chunks, width);
  }
}
