// out[i] = in[index[i]], or out[index[i]] = in[i] when scatter; see mpdp.backend.op.GatherRows.
// One item per word.
#define OP op_gather_rows
#include "common.clh"

__kernel GROUP(64) void gather_rows(__global const float* in,   // (rows, width)
                                    __global const int* index,  // (rows)
                                    __global const int* count,  // (1) or null
                                    __global float* out,        // (rows, width)
                                    __global float* scratch, const Call call) {
  in = AT(in);
  index = AT(index);
  count = AT(count);
  out = AT(out);
  size_t width = (size_t)INTEGER(width), row = get_global_id(0) / width;
  size_t d = get_global_id(0) - row * width;
  if (row >= (size_t)present_rows((int)INTEGER(rows), count)) return;
  size_t other = (size_t)index[row];
  bool scatter = INTEGER(scatter) != 0;
  out[(scatter ? other : row) * width + d] = in[(scatter ? row : other) * width + d];
}
