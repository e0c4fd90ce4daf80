// One Adam step (0.9, 0.999, 1e-8) on log alpha; see mpdp.backend.op.TemperatureStep. One group.
// 1 - beta^steps is -expm1(steps log beta): exact where float32 powers cancel.
#define OP op_temperature_step
#include "common.clh"

#define LOG_BETA_1 -0.10536051565f
#define LOG_BETA_2 -0.00100050033f

__kernel GROUP(64) void temperature_step(__global const float* log_prob,  // (rows)
                                         __global const int* count,       // (1) or null
                                         __global float* state,  // alpha, log alpha, m, v, steps
                                         __global float* scratch, const Call call) {
  __local float work[64];
  log_prob = AT(log_prob);
  count = AT(count);
  state = AT(state);
  int present = present_rows((int)INTEGER(rows), count);
  Sum sum = {0.0f, 0.0f};
  for (int row = get_local_id(0); row < present; row += 64) sum = sum_add(sum, log_prob[row]);
  float mean = group_sum(sum_value(sum), work) / (float)present;
  if (get_local_id(0) != 0 || present == 0 || !(fabs(mean) < INFINITY)) return;
  float gradient = -(mean + NUMBER(target_entropy));
  float first = 0.9f * state[2] + 0.1f * gradient;
  float second = 0.999f * state[3] + 0.001f * gradient * gradient;
  float steps = state[4] + 1.0f;
  float corrected = first / -expm1(steps * LOG_BETA_1);
  float size = sqrt(second / -expm1(steps * LOG_BETA_2)) + 1e-8f;
  float log_alpha = state[1] - NUMBER(learning_rate) * corrected / size;
  state[0] = exp(log_alpha);
  state[1] = log_alpha;
  state[2] = first;
  state[3] = second;
  state[4] = steps;
}
