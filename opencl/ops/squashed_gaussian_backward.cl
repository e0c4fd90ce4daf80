// Backward pass of squashed_gaussian with eps held fixed; see
// mpdp.backend.op.SquashedGaussianBackward. One item per (row, action). With a = tanh(p):
//   d p = dAction (1 - a^2) + 2 a dLogProb, d ls = exp(ls) eps d p - dLogProb.
#define OP op_squashed_gaussian_backward
#include "common.clh"
#include "math.clh"

__kernel GROUP(64) void squashed_gaussian_backward(__global const float* head,        // (rows, 2A)
                                                   __global const float* action,      // (rows, A)
                                                   __global const float* eps,         // (rows, A)
                                                   __global const float* d_action,    // (rows, A)
                                                   __global const float* d_log_prob,  // (rows)
                                                   __global const int* count,         // (1) or null
                                                   __global float* d_head,            // (rows, 2A)
                                                   __global float* scratch, const Call call) {
  head = AT(head);
  action = AT(action);
  eps = AT(eps);
  d_action = AT(d_action);
  d_log_prob = AT(d_log_prob);
  count = AT(count);
  d_head = AT(d_head);
  size_t actions = (size_t)INTEGER(actions), at = get_global_id(0), row = at / actions;
  if (row >= (size_t)present_rows((int)INTEGER(rows), count)) return;
  size_t mean = row * 2 * actions + (at - row * actions);
  float a = action[at], raw = head[mean + actions];
  float d_p = d_action[at] * (1.0f - a) * (1.0f + a) + 2.0f * a * d_log_prob[row];
  float d_log_std = d_p * exp_of(bounded(raw, -20.0f, 2.0f)) * eps[at] - d_log_prob[row];
  d_head[mean] = d_p;
  d_head[mean + actions] = raw < -20.0f || raw > 2.0f ? 0.0f : d_log_std;
}
