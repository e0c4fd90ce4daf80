// target = min(max(target, low), high); see mpdp.backend.op.Clamp. 8 bytes a word.
#include "mpdp/kernel.h"
#include "mpdp/math.h"

void MPDP_OP(clamp)(const Call& call, Team& team) {
  float* target = call.out(0);  // (words)
  float low = call.number(0), high = call.number(1);
  int64_t begin, end;
  team.share(call.size(0), 64, &begin, &end);
  for (int64_t i = begin; i < end; i++) target[i] = clamp(target[i], low, high);
}
