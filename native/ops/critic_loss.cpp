// Squared error of all critics and its gradient; see mpdp.backend.op.CriticLoss.
//   q, dQ (critics, rows)    target (rows)    loss (critics)
#include "mpdp/kernel.h"
#include "mpdp/sum.h"

namespace mpdp::MPDP_ISA {
using namespace operands::critic_loss;
namespace {

float mean_loss(int64_t present, const float* q, const float* target) {
  if (present == 0) return 0.0f;
  double sum = sum_of(present, [=](int64_t row) {
    double difference = static_cast<double>(q[row]) - static_cast<double>(target[row]);
    return difference * difference;
  });
  return static_cast<float>(0.5 * sum / static_cast<double>(present));
}

}  // namespace

void critic_loss(const Call& call, Team& team) {
  int64_t rows = call.size(kRows), critics = call.size(kCritics),
          present = call.present(rows, kCount);
  float scale = call.number(kWeight) / static_cast<float>(rows);
  const float *q = call.in(kQ), *target = call.in(kTarget);
  float* d_q = call.out(kDQ);
  int64_t begin, end;
  team.share(present, 64, &begin, &end);
  for (int64_t j = 0; j < critics; j++) {
    for (int64_t row = begin; row < end; row++) {
      d_q[j * rows + row] = scale * (q[j * rows + row] - target[row]);
    }
  }
  for (int64_t j = team.rank(); j < critics; j += team.size()) {
    call.out(kLoss)[j] = mean_loss(present, q + j * rows, target);
  }
}

}  // namespace mpdp::MPDP_ISA
