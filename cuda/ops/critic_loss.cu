// Squared error of all critics and its gradient; see mpdp.backend.op.CriticLoss. One block per
// critic: it writes dQ and sums the loss on the way, so q is read once. 12 bytes a value.
#include "sum.cuh"

MPDP_KERNEL(critic_loss, 256) {
  using namespace mpdp::operands::critic_loss;
  int64_t rows = call.size(kRows), present = call.present(rows, kCount), critic = blockIdx.x;
  const float* q = call.in(kQ) + critic * rows;  // (critics, rows): one of them
  const float* target = call.in(kTarget);        // (rows)
  float* d_q = call.out(kDQ) + critic * rows;    // (critics, rows): one of them
  float scale = call.number(kWeight) / static_cast<float>(rows);
  double sum = mpdp::block_sum_of<256>(present, [=](int64_t row) {
    d_q[row] = scale * (q[row] - target[row]);
    double difference = static_cast<double>(q[row]) - static_cast<double>(target[row]);
    return difference * difference;
  });
  if (threadIdx.x != 0) return;
  call.out(kLoss)[critic] =
      present == 0 ? 0.0f : static_cast<float>(0.5 * sum / static_cast<double>(present));
}
