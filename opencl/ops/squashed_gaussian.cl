// Tanh-squashed Gaussian policy head; see mpdp.backend.op.SquashedGaussian. One item per row.
#define OP op_squashed_gaussian
#include "common.clh"
#include "philox.clh"

#define LOG_TWO 0.69314718056f
#define HALF_LOG_TWO_PI 0.91893853320f

__kernel GROUP(16) void squashed_gaussian(__global const float* head,  // (rows, 2A)
                                          __global const int* random,  // (4)
                                          __global const int* count,   // (1) or null
                                          __global const int* root,    // (rows) or null
                                          __global float* action,      // (rows, A)
                                          __global float* log_prob,    // (rows) or null
                                          __global float* eps,         // (rows, A)
                                          __global float* scratch, const Call call) {
  head = AT(head);
  random = AT(random);
  count = AT(count);
  root = AT(root);
  action = AT(action);
  log_prob = AT(log_prob);
  eps = AT(eps);
  size_t row = get_global_id(0), actions = (size_t)INTEGER(actions);
  if (row >= (size_t)present_rows((int)INTEGER(rows), count)) return;
  float sum = 0.0f, normals[4] = {0.0f, 0.0f, 0.0f, 0.0f};
  size_t first = (root ? (size_t)root[row] : row) * actions;  // element of the row's first draw
  for (size_t j = 0; j < actions; j++) {
    size_t at = row * actions + j, drawn = first + j;
    if (INTEGER(deterministic) == 0 && (j == 0 || drawn % 4 == 0)) {  // the next block of four
      vstore4(draw_normals(random, (uint)INTEGER(site), (uint)(drawn / 4)), 0, normals);
    }
    float normal = normals[drawn % 4];
    float log_std = bounded(head[row * 2 * actions + actions + j], -20.0f, 2.0f);
    float p = head[row * 2 * actions + j] + exp_of(log_std) * normal;
    eps[at] = normal;
    action[at] = tanh_of(p);
    sum += -0.5f * normal * normal - log_std - HALF_LOG_TWO_PI -
           2.0f * (LOG_TWO - p - softplus(-2.0f * p));
  }
  if (log_prob) log_prob[row] = sum;
}
