// Steps the random state's 64-bit counter; see mpdp.backend.op.Advance.
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {

void advance(const Call& call, Team& team) {
  if (team.rank() != 0) return;
  auto* words = static_cast<uint32_t*>(call.buffers[0]);
  words[2]++;
  if (words[2] == 0) words[3]++;
}

}  // namespace mpdp::MPDP_ISA
