// A uniform batch of transitions from the replay ring; see mpdp.backend.op.ReplayGather. One item
// per row.
#define OP op_replay_gather
#include "common.clh"
#include "philox.clh"

// Copies n words and returns where the next ones begin.
static inline __global const float* take(int n, __global const float* from, __global float* to) {
  for (int d = 0; d < n; d++) to[d] = from[d];
  return from + n;
}

__kernel GROUP(16) void replay_gather(
    __global const float* columns,  // (capacity, 2 states + actions + 2)
    __global const int* size,       // (1)
    __global const int* random,     // (4)
    __global int* index,            // (rows)
    __global float* state,          // (rows, states)
    __global float* action,         // (rows, actions)
    __global float* reward,         // (rows)
    __global float* next,           // (rows, states)
    __global float* done,           // (rows)
    __global float* scratch, const Call call) {
  columns = AT(columns);
  size = AT(size);
  random = AT(random);
  index = AT(index);
  state = AT(state);
  action = AT(action);
  reward = AT(reward);
  next = AT(next);
  done = AT(done);
  size_t row = get_global_id(0);
  int states = (int)INTEGER(states), actions = (int)INTEGER(actions);
  if (row >= (size_t)INTEGER(rows)) return;
  int from = index_of(draw_word(random, (uint)INTEGER(site), (uint)row), size[0]);
  index[row] = from;
  __global const float* column = columns + (size_t)from * (2 * states + actions + 2);
  column = take(states, column, state + row * states);
  column = take(actions, column, action + row * actions);
  column = take(1, column, reward + row);
  column = take(states, column, next + row * states);
  take(1, column, done + row);
}
