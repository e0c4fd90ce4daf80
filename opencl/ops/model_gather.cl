// Standardised batches for the dynamics ensemble from the replay ring; see
// mpdp.backend.op.ModelGather. One item per place (member, row).
#define OP op_model_gather
#include "common.clh"
#include "fetch.clh"
#include "philox.clh"
#include "words.clh"

// Ring row of member m's bootstrap draw number i.
static inline long bootstrap(const Call call, __global const int* random, int generation,
                             int training, uint member, uint row) {
  uint site = (uint)INTEGER(site), fold = (uint)INTEGER(fold);
  uint word = draw_word(random, site, member * (uint)INTEGER(rows) + row);
  uint4 counter = (uint4)((uint)index_of(word, training), site + 1u, (uint)generation, member);
  uint4 block = philox(counter, (uint)random[0], (uint)random[1]);
  long t = index_of(block.x, training);
  return t + t / (fold - 1u);
}

__kernel GROUP(16) void model_gather(
    __global const float* columns,        // (capacity, 2 states + actions + 2)
    __global const int* size,             // (1)
    __global const int* control,          // generation, cursor
    __global const int* random,           // (4)
    __global const float* input_mean,     // (states + actions)
    __global const float* input_inv_std,  // (states + actions)
    __global const float* output_mean,    // (states + 1)
    __global const float* output_scale,   // (states + 1)
    __global float* x,                    // (members, rows, states + actions)
    __global float* target,               // (members, rows, states + 1)
    __global int* present,                // (1)
    __global float* scratch, const Call call) {
  columns = AT(columns);
  size = AT(size);
  control = AT(control);
  random = AT(random);
  input_mean = AT(input_mean);
  input_inv_std = AT(input_inv_std);
  output_mean = AT(output_mean);
  output_scale = AT(output_scale);
  x = AT(x);
  target = AT(target);
  present = AT(present);
  long rows = INTEGER(rows), fold = INTEGER(fold), place = get_global_id(0);
  int states = (int)INTEGER(states), inputs = states + (int)INTEGER(actions);
  long holdout = size[0] / fold, training = size[0] - holdout;
  long start = control[1] * rows, looked = min(holdout, INTEGER(chunks) * rows);
  bool from_holdout = INTEGER(holdout) != 0;
  long count = from_holdout ? clamp(looked - start, 0L, rows) : training == 0 ? 0 : rows;
  if (place == 0) present[0] = (int)count;
  bool present_here = place < INTEGER(members) * rows && place % rows < count;
  __global const float* column = columns;
  if (present_here) {
    long ring = from_holdout ? (start + place) * holdout / looked * fold + fold - 1
                             : bootstrap(call, random, control[0], (int)training,
                                         (uint)(place / rows), (uint)(place % rows));
    column += ring * (inputs + states + 2);
    fetch_words(column, inputs + states + 2);
  }
  // Items on CPUs go to the barrier one after another: the rows of a group come from memory at
  // once.
  barrier(CLK_LOCAL_MEM_FENCE);
  if (!present_here) return;
  x += place * inputs;
  target += place * (states + 1);
  for (int d = 0; d < inputs; d += WORDS) {
    Words centred = load_words(column + d, inputs - d) - load_words(input_mean + d, inputs - d);
    store_words(centred * load_words(input_inv_std + d, inputs - d), x + d, inputs - d);
  }
  for (int d = 0; d < states; d += WORDS) {
    int left = states - d;
    Words change = load_words(column + inputs + 1 + d, left) - load_words(column + d, left);
    Words centred = change - load_words(output_mean + d, left);
    store_words(centred / load_words(output_scale + d, left), target + d, left);
  }
  target[states] = (column[inputs] - output_mean[states]) / output_scale[states];
}
