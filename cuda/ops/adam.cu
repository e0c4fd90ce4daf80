// Adam with L2 decay and bias correction; reads what gradient_clip left. One pass, 28 bytes a word,
// 16 bytes at a time where all operands are aligned. The corrections need double (1 - 0.999^1 in
// float is off by 6e-5): one thread of a block computes them, and every block does, which is
// cheaper than a launch of its own.
#include "math.cuh"

namespace mpdp::adam {

struct Step {
  float scale, decay, beta1, beta2, rate, root, epsilon;

  MPDP_DEVICE void operator()(float gradient, float& parameter, float& m, float& v) const {
    gradient = scale * gradient + decay * parameter;
    m = beta1 * m + (1.0f - beta1) * gradient;
    v = beta2 * v + (1.0f - beta2) * (gradient * gradient);
    parameter -= rate * m / (sqrtf(v) * root + epsilon);
  }
};

}  // namespace mpdp::adam

MPDP_KERNEL(adam, 256) {
  const float* gradients = call.in(0);  // (words)
  const float* clip = call.in(1);       // (scale, skip, steps, norm, skipped)
  float* parameters = call.out(2);      // (words)
  float* first = call.out(3);           // (words)
  float* second = call.out(4);          // (words)
  __shared__ float correction[2];
  if (clip[1] != 0.0f) return;
  if (threadIdx.x == 0) {
    // p -= rate (m / c1) / (sqrt(v / c2) + epsilon), with c1 and c2 moved out of the loop.
    double steps = clip[2];
    correction[0] = static_cast<float>(call.numbers[0] / (1.0 - pow(call.numbers[1], steps)));
    correction[1] = static_cast<float>(1.0 / sqrt(1.0 - pow(call.numbers[2], steps)));
  }
  __syncthreads();
  mpdp::adam::Step step = {clip[0],       call.number(4), call.number(1), call.number(2),
                           correction[0], correction[1],  call.number(3)};
  int64_t words = call.size(0), from = mpdp::first_item(), stride = mpdp::item_stride();
  bool aligned = mpdp::aligned16(gradients) && mpdp::aligned16(parameters) &&
                 mpdp::aligned16(first) && mpdp::aligned16(second);
  int64_t fours = aligned ? words / 4 : 0;
  for (int64_t i = from; i < fours; i += stride) {
    float4 g = reinterpret_cast<const float4*>(gradients)[i];
    float4 p = reinterpret_cast<float4*>(parameters)[i];
    float4 m = reinterpret_cast<float4*>(first)[i];
    float4 v = reinterpret_cast<float4*>(second)[i];
    step(g.x, p.x, m.x, v.x);
    step(g.y, p.y, m.y, v.y);
    step(g.z, p.z, m.z, v.z);
    step(g.w, p.w, m.w, v.w);
    reinterpret_cast<float4*>(parameters)[i] = p;
    reinterpret_cast<float4*>(first)[i] = m;
    reinterpret_cast<float4*>(second)[i] = v;
  }
  for (int64_t i = 4 * fours + from; i < words; i += stride) {
    step(gradients[i], parameters[i], first[i], second[i]);
  }
}
