// Steps the random state's 64-bit counter; see mpdp.backend.op.Advance.
#include "mpdp/kernel.h"

namespace mpdp::MPDP_ISA {
using namespace operands::advance;

void advance(const Call& call, Team& team) {
  if (team.rank() != 0) return;
  auto* words = reinterpret_cast<uint32_t*>(call.int_out(kRandom));
  words[2]++;
  if (words[2] == 0) words[3]++;
}

}  // namespace mpdp::MPDP_ISA
