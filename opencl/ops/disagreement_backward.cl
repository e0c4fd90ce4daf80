// Backward pass of disagreement; see mpdp.backend.op.DisagreementBackward. With v_i, m_i the rest's
// variance and mean, delta_i = mean_i - m_i and n = members - 1,
//   a_i = d KL_i / d m_i = -delta_i / v_i,
//   b_i = d KL_i / d v_i = (1 - (var_i + delta_i^2) / v_i) / (2 v_i),
//   d mean_j = -a_j + sum_{i != j} (a_i + 2 b_i (mean_j - m_i)) / n,
//   d lv_j = (var_j / v_j - 1) / 2 + var_j sum_{i != j} b_i / n.
// Both kernels have one item per (row, dimension); the first one makes the moments again.
#include "common.clh"
#include "one_vs_rest.clh"

__kernel GROUP(64) void disagreement_backward_moments(
    __global const float* heads,   // (members, rows, 2D)
    __global const float* bounds,  // (2D): max, min
    __global const float* d_penalty,
    __global const int* count,  // (1) or null
    __global float* d_heads,
    __global float* scratch,  // see one_vs_rest.clh
    const Call call) {
  heads = AT(heads, 0);
  bounds = AT(bounds, 1);
  count = AT(count, 3);
  size_t width = (size_t)call.integers[2], item = get_global_id(0), d = item % width;
  if (item / width >= (size_t)present_rows((int)call.integers[1], count)) return;
  one_vs_rest(element_at(heads, scratch, call, item), bounds[d], bounds[width + d], width);
}

// d objective / d KL of a row.
static inline float by_divergence(__global const float* scratch, const Call call, float d_penalty,
                                  size_t row) {
  if (!IS_LOG_SCALE) return d_penalty;
  float mean = mean_plus_floor(call, row_divergence(scratch, call, row));
  float slope = softplus_slope(log_of(mean) - call.numbers[0]).slope;
  return d_penalty * slope / (mean * (float)(call.integers[0] * call.integers[2]));
}

__kernel GROUP(64) void disagreement_backward(__global const float* heads,  // (members, rows, 2D)
                                              __global const float* bounds,
                                              __global const float* d_penalty,  // (rows)
                                              __global const int* count,        // (1) or null
                                              __global float* d_heads,  // (members, rows, 2D)
                                              __global float* scratch,  // see one_vs_rest.clh
                                              const Call call) {
  heads = AT(heads, 0);
  d_penalty = AT(d_penalty, 2);
  count = AT(count, 3);
  d_heads = AT(d_heads, 4);
  size_t width = (size_t)call.integers[2], item = get_global_id(0), row = item / width;
  if (row >= (size_t)present_rows((int)call.integers[1], count)) return;
  Element e = element_at(heads, scratch, call, item);
  float weight = by_divergence(scratch, call, d_penalty[row], row);
  float share = 1.0f / (float)(e.members - 1);
  for (int j = 0; j < e.members; j++) {
    float mean = element_mean(e, j), variance = *element_kept(e, VARIANCE, j);
    float d_mean = 0.0f, by_rest = 0.0f, by_own = 0.0f, own = 0.0f;
    for (int i = 0; i < e.members; i++) {
      float inverse = 1.0f / *element_kept(e, REST_VARIANCE, i);
      float centre = *element_kept(e, REST_MEAN, i), delta = element_mean(e, i) - centre;
      float a = -delta * inverse, spread = *element_kept(e, VARIANCE, i) + delta * delta;
      float b = 0.5f * inverse * (1.0f - spread * inverse);
      by_own = i == j ? a : by_own;
      own = i == j ? 0.5f * (variance * inverse - 1.0f) : own;
      d_mean += i == j ? 0.0f : a + 2.0f * b * (mean - centre);
      by_rest += i == j ? 0.0f : b;
    }
    float d_raw = *element_kept(e, SLOPE, j) * (own + variance * share * by_rest);
    size_t to = j * e.heads + row * 2 * width + (item - row * width);
    bool add = call.integers[4] != 0;
    float by_mean = weight * (share * d_mean - by_own), by_raw = weight * d_raw;
    d_heads[to] = add ? d_heads[to] + by_mean : by_mean;
    d_heads[to + width] = add ? d_heads[to + width] + by_raw : by_raw;
  }
}
