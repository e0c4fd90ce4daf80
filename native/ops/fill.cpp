// target = value. 4 bytes a word.
#include "mpdp/kernel.h"

void MPDP_OP(fill)(const Call& call, Team& team) {
  float* target = call.out(0);  // (words)
  float value = call.number(0);
  int64_t begin, end;
  team.share(call.size(0), 64, &begin, &end);
  for (int64_t i = begin; i < end; i++) target[i] = value;
}
