// Ends rollouts and moves the rest, in order, to the front of the next step's batch; see
// mpdp.backend.op.RolloutAdvance. A row's new place is the number of rows before it that go on:
// the first kernel counts them in chunks of 64 rows, the second one adds up the chunks before each,
// the third one looks at the rows before a row in its own.
#define OP op_rollout_advance
#include "common.clh"
#include "scan.clh"

#define CHUNK 64

static inline bool goes_on(const Call call, __global const float* uncertainty,
                           __global const float* done, int row) {
  bool certain = !uncertainty || uncertainty[row] < NUMBER(threshold);  // a NaN is not
  return INTEGER(last) == 0 && done[row] == 0.0f && certain;
}

__kernel GROUP(64) void rollout_advance_count(
    __global const float* next, __global const float* uncertainty, __global const float* done,
    __global const int* root, __global const int* count, __global int* child,
    __global int* next_count, __global int* next_root, __global float* next_state,
    __global float* tail_state, __global float* tail_weight, __global float* length,
    __global int* scratch,  // (chunks) and the sum of all
    const Call call) {
  uncertainty = AT(uncertainty);
  done = AT(done);
  count = AT(count);
  int rows = (int)INTEGER(rows), present = present_rows(rows, count);
  int chunk = get_global_id(0), first = chunk * CHUNK, total = 0;
  if (first >= rows) return;
  for (int row = first; row < min(present, first + CHUNK); row++) {
    total += goes_on(call, uncertainty, done, row) ? 1 : 0;
  }
  scratch[chunk] = total;
}

__kernel GROUP(64) void rollout_advance_scan(__global const float* next,
                                             __global const float* uncertainty,
                                             __global const float* done, __global const int* root,
                                             __global const int* count, __global int* child,
                                             __global int* next_count, __global int* next_root,
                                             __global float* next_state, __global float* tail_state,
                                             __global float* tail_weight, __global float* length,
                                             __global int* scratch,  // (chunks) and the sum of all
                                             const Call call) {
  __local int work[64];
  exclusive_sums(scratch, ((int)INTEGER(rows) + CHUNK - 1) / CHUNK, work);
}

__kernel GROUP(64) void rollout_advance(__global const float* next,         // (rows, states)
                                        __global const float* uncertainty,  // (rows) or null
                                        __global const float* done,         // (rows)
                                        __global const int* root,           // (rows) or null
                                        __global const int* count,          // (1) or null
                                        __global int* child,                // (rows)
                                        __global int* next_count,           // (1)
                                        __global int* next_root,            // (rows)
                                        __global float* next_state,         // (rows, states)
                                        __global float* tail_state,         // (roots, states)
                                        __global float* tail_weight,        // (roots)
                                        __global float* length,             // (roots)
                                        __global const int* scratch,  // (chunks) and the sum of all
                                        const Call call) {
  next = AT(next);
  uncertainty = AT(uncertainty);
  done = AT(done);
  root = AT(root);
  count = AT(count);
  child = AT(child);
  next_count = AT(next_count);
  next_root = AT(next_root);
  next_state = AT(next_state);
  tail_state = AT(tail_state);
  tail_weight = AT(tail_weight);
  length = AT(length);
  int rows = (int)INTEGER(rows), states = (int)INTEGER(states), row = get_global_id(0);
  int present = present_rows(rows, count), chunks = (rows + CHUNK - 1) / CHUNK;
  if (row == 0) next_count[0] = scratch[chunks];
  if (row >= present) return;
  int place = scratch[row / CHUNK];
  for (int r = row / CHUNK * CHUNK; r < row; r++) {
    place += goes_on(call, uncertainty, done, r) ? 1 : 0;
  }
  size_t mine = root ? (size_t)root[row] : (size_t)row;
  bool stays = goes_on(call, uncertainty, done, row);
  length[mine] = (float)(INTEGER(step) + 1);
  child[row] = stays ? place : -1;
  if (stays) next_root[place] = (int)mine;
  if (!stays) tail_weight[mine] = done[row] != 0.0f ? 0.0f : NUMBER(tail_discount);
  __global float* to = stays ? next_state + (size_t)place * states : tail_state + mine * states;
  for (int d = 0; d < states; d++) to[d] = next[(size_t)row * states + d];
}
