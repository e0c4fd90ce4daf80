// target = min(max(target, low), high); see mpdp.backend.op.Clamp. 8 bytes a word.
#include "mpdp/kernel.h"
#include "mpdp/math.h"

void MPDP_OP(clamp)(const Call& call, Team& team) {
  using namespace operands::clamp;
  float* target = call.out(kTarget);  // (words)
  float low = call.number(kLow), high = call.number(kHigh);
  int64_t begin, end;
  team.share(call.size(kWords), 64, &begin, &end);
  for (int64_t i = begin; i < end; i++) target[i] = clamp(target[i], low, high);
}
