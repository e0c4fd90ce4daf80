// Target network: target += rate (source - target). 12 bytes and 3 flops a word.
#include "mpdp/kernel.h"

void MPDP_OP(polyak)(const Call& call, Team& team) {
  const float* __restrict source = call.in(0);  // (words)
  float* __restrict target = call.out(1);       // (words)
  float rate = call.number(0);
  int64_t begin, end;
  team.share(call.size(0), 64, &begin, &end);
  for (int64_t i = begin; i < end; i++) target[i] += rate * (source[i] - target[i]);
}
