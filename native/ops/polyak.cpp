// Target network: target += rate (source - target). 12 bytes and 3 flops a word.
#include "mpdp/kernel.h"

void MPDP_OP(polyak)(const Call& call, Team& team) {
  using namespace operands::polyak;
  const float* __restrict source = call.in(kSource);  // (words)
  float* __restrict target = call.out(kTarget);       // (words)
  float rate = call.number(kRate);
  int64_t begin, end;
  team.share(call.size(kWords), 64, &begin, &end);
  for (int64_t i = begin; i < end; i++) target[i] += rate * (source[i] - target[i]);
}
