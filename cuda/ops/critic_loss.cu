// Squared error of all critics and its gradient; see mpdp.backend.op.CriticLoss. One block per
// critic: it writes dQ and sums the loss on the way, so q is read once. 12 bytes a value.
#include "sum.cuh"

MPDP_KERNEL(critic_loss, 256) {
  int64_t rows = call.size(0), present = call.present(rows, 2), critic = blockIdx.x;
  const float* q = call.in(0) + critic * rows;  // (critics, rows): one of them
  const float* target = call.in(1);             // (rows)
  float* d_q = call.out(3) + critic * rows;     // (critics, rows): one of them
  float scale = call.number(0) / static_cast<float>(rows);
  double sum = mpdp::block_sum_of<256>(present, [=](int64_t row) {
    d_q[row] = scale * (q[row] - target[row]);
    double difference = static_cast<double>(q[row]) - static_cast<double>(target[row]);
    return difference * difference;
  });
  if (threadIdx.x != 0) return;
  call.out(4)[critic] =
      present == 0 ? 0.0f : static_cast<float>(0.5 * sum / static_cast<double>(present));
}
