// target = value. 4 bytes a word.
#include "mpdp/kernel.h"

void MPDP_OP(fill)(const Call& call, Team& team) {
  using namespace operands::fill;
  float* target = call.out(kTarget);  // (words)
  float value = call.number(kValue);
  int64_t begin, end;
  team.share(call.size(kWords), 64, &begin, &end);
  for (int64_t i = begin; i < end; i++) target[i] = value;
}
