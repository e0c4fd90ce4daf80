// One-vs-rest uncertainty of an ensemble of Gaussians; see mpdp.backend.op.Disagreement. The first
// kernel has one item per (WORDS rows, dimension), the second one per row. About 100 flops per
// head, nearly all in the soft clamp, exp and log.
#define OP op_disagreement
#include "common.clh"
#include "one_vs_rest.clh"

__kernel GROUP(64) void disagreement_moments(__global const float* heads,   // (members, rows, 2D)
                                             __global const float* bounds,  // (2D): max, min
                                             __global const int* count,     // (1) or null
                                             __global float* uncertainty, __global float* penalty,
                                             __global float* scratch,  // see one_vs_rest.clh
                                             const Call call) {
  heads = AT(heads);
  bounds = AT(bounds);
  count = AT(count);
  int present = present_rows((int)INTEGER(rows), count);
  Element e = element_at(scratch, call, present, get_global_id(0));
  if (e.row < present) one_vs_rest(e, call, heads, bounds);
}

__kernel GROUP(64) void disagreement(__global const float* heads, __global const float* bounds,
                                     __global const int* count,      // (1) or null
                                     __global float* uncertainty,    // (rows)
                                     __global float* penalty,        // (rows)
                                     __global const float* scratch,  // see one_vs_rest.clh
                                     const Call call) {
  count = AT(count);
  uncertainty = AT(uncertainty);
  penalty = AT(penalty);
  size_t row = get_global_id(0);
  if (row >= (size_t)present_rows((int)INTEGER(rows), count)) return;
  float sum = row_divergence(scratch, call, row);
  float u = IS_LOG_SCALE ? log_of(mean_plus_floor(call, sum)) : sum;
  uncertainty[row] = u;
  penalty[row] = IS_LOG_SCALE ? softplus(u - NUMBER(threshold)) : u;
}
