// Adam with L2 decay and bias correction; reads what gradient_clip left. One pass, 28 bytes a word.
// The corrections need double (1 - 0.999^1 in float is off by 6e-5): one thread of a block computes
// them, and every block does, which is cheaper than a launch of its own.
#include "common.cuh"

MPDP_KERNEL(adam, 256) {
  const float* gradients = call.in(0);  // (words)
  const float* clip = call.in(1);       // (scale, skip, steps, norm, skipped)
  float* parameters = call.out(2);      // (words)
  float* first = call.out(3);           // (words)
  float* second = call.out(4);          // (words)
  int64_t words = call.size(0);
  __shared__ float correction[2];
  if (clip[1] != 0.0f) return;
  if (threadIdx.x == 0) {
    // p -= rate (m / c1) / (sqrt(v / c2) + epsilon), with c1 and c2 moved out of the loop.
    double steps = clip[2];
    correction[0] = static_cast<float>(call.numbers[0] / (1.0 - pow(call.numbers[1], steps)));
    correction[1] = static_cast<float>(1.0 / sqrt(1.0 - pow(call.numbers[2], steps)));
  }
  __syncthreads();
  float rate = correction[0], root = correction[1], scale = clip[0], decay = call.number(4);
  float beta1 = call.number(1), beta2 = call.number(2), epsilon = call.number(3);
  for (int64_t i = mpdp::first_item(); i < words; i += mpdp::item_stride()) {
    float gradient = scale * gradients[i] + decay * parameters[i];
    float m = beta1 * first[i] + (1.0f - beta1) * gradient;
    float v = beta2 * second[i] + (1.0f - beta2) * (gradient * gradient);
    first[i] = m;
    second[i] = v;
    parameters[i] -= rate * m / (sqrtf(v) * root + epsilon);
  }
}
