// Adam with L2 decay and bias correction; reads what gradient_clip left. One pass, 28 bytes a word,
// 16 bytes at a time where all operands are aligned. The corrections need double (1 - 0.999^1 in
// float is off by 6e-5): two warps of a block compute one each while the first words are on their
// way, and every block does, which is cheaper than a launch of its own.
#include "math.cuh"

namespace mpdp::adam {
using namespace operands::adam;

struct Step {
  float scale, decay, beta1, beta2, rate, root, epsilon;

  MPDP_DEVICE void operator()(float gradient, float& parameter, float& m, float& v) const {
    gradient = scale * gradient + decay * parameter;
    m = beta1 * m + (1.0f - beta1) * gradient;
    v = beta2 * v + (1.0f - beta2) * (gradient * gradient);
    parameter -= rate * m / (sqrtf(v) * root + epsilon);
  }
};

// base^exponent by squaring: pow() takes several times as long.
MPDP_DEVICE double power(double base, uint32_t exponent) {
  double result = 1.0;
  for (; exponent; exponent >>= 1, base *= base) {
    if (exponent & 1) result *= base;
  }
  return result;
}

// Four words of every operand.
struct Words {
  float4 g, p, m, v;
};

struct Operands {
  const float* gradients;  // (words)
  float* parameters;       // (words)
  float* first;            // (words)
  float* second;           // (words)

  MPDP_DEVICE bool aligned() const {
    return aligned16(gradients) && aligned16(parameters) && aligned16(first) && aligned16(second);
  }
  MPDP_DEVICE Words load(int64_t i) const {
    return {reinterpret_cast<const float4*>(gradients)[i], reinterpret_cast<float4*>(parameters)[i],
            reinterpret_cast<float4*>(first)[i], reinterpret_cast<float4*>(second)[i]};
  }
  MPDP_DEVICE void store(int64_t i, const Words& w) const {
    reinterpret_cast<float4*>(parameters)[i] = w.p;
    reinterpret_cast<float4*>(first)[i] = w.m;
    reinterpret_cast<float4*>(second)[i] = w.v;
  }
};

}  // namespace mpdp::adam

MPDP_KERNEL(adam, 256) {
  using namespace mpdp::adam;
  const float* clip = call.in(kClip);  // (scale, skip, steps, norm, skipped)
  Operands all = {call.in(kGradients), call.out(kParameters), call.out(kFirst), call.out(kSecond)};
  __shared__ double correction[2];  // 1 - beta^steps
  int64_t words = call.size(kWords), from = mpdp::first_item(), stride = mpdp::item_stride();
  int64_t fours = all.aligned() ? words / 4 : 0;
  Words w = {};
  if (from < fours) w = all.load(from);
  if (clip[1] != 0.0f) return;
  int warp = static_cast<int>(threadIdx.x) / 32;
  if (warp < 2 && threadIdx.x % 32 == 0) {
    static_assert(static_cast<int>(kBeta2) == static_cast<int>(kBeta1) + 1);
    mpdp::NumberOperand beta{static_cast<int>(kBeta1) + warp};
    correction[warp] = 1.0 - power(call.precise(beta), static_cast<uint32_t>(clip[2]));
  }
  __syncthreads();
  // p -= rate (m / c1) / (sqrt(v / c2) + epsilon), with c1 and c2 moved out of the loop.
  float rate = static_cast<float>(call.precise(kLearningRate) / correction[0]);
  float root = static_cast<float>(1.0 / sqrt(correction[1]));
  Step step = {clip[0], call.number(kDecay),  call.number(kBeta1), call.number(kBeta2), rate,
               root,    call.number(kEpsilon)};
  for (int64_t i = from; i < fours; i += stride) {
    step(w.g.x, w.p.x, w.m.x, w.v.x);
    step(w.g.y, w.p.y, w.m.y, w.v.y);
    step(w.g.z, w.p.z, w.m.z, w.v.z);
    step(w.g.w, w.p.w, w.m.w, w.v.w);
    all.store(i, w);
    if (i + stride < fours) w = all.load(i + stride);
  }
  for (int64_t i = 4 * fours + from; i < words; i += stride) {
    step(all.gradients[i], all.parameters[i], all.first[i], all.second[i]);
  }
}
