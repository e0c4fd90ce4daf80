// Backward pass of disagreement; see mpdp.backend.op.DisagreementBackward. With v_i, m_i the rest's
// variance and mean, delta_i = mean_i - m_i and n = members - 1,
//   a_i = d KL_i / d m_i = -delta_i / v_i,
//   b_i = d KL_i / d v_i = (1 - (var_i + delta_i^2) / v_i) / (2 v_i),
//   d mean_j = -a_j + sum_{i != j} (a_i + 2 b_i (mean_j - m_i)) / n,
//   d lv_j = (var_j / v_j - 1) / 2 + var_j sum_{i != j} b_i / n.
// The first kernel makes the moments again and the last one these gradients, with one item per
// (WORDS rows, dimension); the second one makes d objective / d KL, with one item per row.
#define OP op_disagreement_backward
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
  heads = AT(heads);
  bounds = AT(bounds);
  count = AT(count);
  int present = present_rows((int)INTEGER(rows), count);
  Element e = element_at(scratch, call, present, get_global_id(0));
  if (e.row < present) one_vs_rest(e, call, heads, bounds);
}

// Where scratch has d objective / d KL of each row.
static inline __global float* weights_of(__global float* scratch, const Call call) {
  return scratch + (DIVERGENCE * (size_t)INTEGER(members) + 1) * elements_of(call) * WORDS;
}

__kernel GROUP(64) void disagreement_backward_weights(__global const float* heads,
                                                      __global const float* bounds,
                                                      __global const float* d_penalty,  // (rows)
                                                      __global const int* count,  // (1) or null
                                                      __global float* d_heads,
                                                      __global float* scratch, const Call call) {
  d_penalty = AT(d_penalty);
  count = AT(count);
  size_t row = get_global_id(0);
  if (row >= (size_t)present_rows((int)INTEGER(rows), count)) return;
  float weight = d_penalty[row];
  if (IS_LOG_SCALE) {
    float mean = mean_plus_floor(call, row_divergence(scratch, call, row));
    float slope = softplus_slope(log_of(mean) - NUMBER(threshold)).slope;
    weight *= slope / (mean * (float)(INTEGER(members) * INTEGER(dimensions)));
  }
  weights_of(scratch, call)[row] = weight;
}

// 1 / v_i in the place of v_i, and b_i.
static inline void rest_slopes(Element e) {
  for (int i = 0; i < e.members; i++) {
    Words inverse = 1.0f / kept(e, REST_VARIANCE, i);
    Words spread = kept(e, VARIANCE, i) + square(kept(e, MEAN, i) - kept(e, REST_MEAN, i));
    keep(e, REST_VARIANCE, i, inverse);
    keep(e, BY_VARIANCE, i, 0.5f * inverse * (1.0f - spread * inverse));
  }
}

static inline Words by_rest_mean(Element e, int i) {  // a_i
  return (kept(e, REST_MEAN, i) - kept(e, MEAN, i)) * kept(e, REST_VARIANCE, i);
}

__kernel GROUP(64) void disagreement_backward(__global const float* heads,
                                              __global const float* bounds,
                                              __global const float* d_penalty,
                                              __global const int* count,  // (1) or null
                                              __global float* d_heads,    // (members, rows, 2D)
                                              __global float* scratch,    // see one_vs_rest.clh
                                              const Call call) {
  count = AT(count);
  d_heads = AT(d_heads);
  int present = present_rows((int)INTEGER(rows), count);
  Element e = element_at(scratch, call, present, get_global_id(0));
  if (e.row >= present) return;
  int step = 2 * e.width, left = present - e.row;
  Words weight = load_words(weights_of(scratch, call) + e.row, left);
  float share = 1.0f / (float)(e.members - 1);
  rest_slopes(e);
  for (int j = 0; j < e.members; j++) {
    Words mean = kept(e, MEAN, j), variance = kept(e, VARIANCE, j);
    Words d_mean = (Words)(0.0f), by_rest = (Words)(0.0f);
    for (int i = 0; i < e.members; i++) {
      if (i == j) continue;
      Words b = kept(e, BY_VARIANCE, i);
      d_mean += by_rest_mean(e, i) + 2.0f * b * (mean - kept(e, REST_MEAN, i));
      by_rest += b;
    }
    Words own = 0.5f * (variance * kept(e, REST_VARIANCE, j) - 1.0f);
    Words by_mean = weight * (share * d_mean - by_rest_mean(e, j));
    Words by_raw = weight * kept(e, SLOPE, j) * (own + variance * share * by_rest);
    __global float* to = d_heads + mean_at(e, call, j);
    bool add = INTEGER(accumulate) != 0;
    if (add) by_mean += load_column(to, step, left);
    if (add) by_raw += load_column(to + e.width, step, left);
    store_column(by_mean, to, step, left);
    store_column(by_raw, to + e.width, step, left);
  }
}
