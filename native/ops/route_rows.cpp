// Gives each row a random elite member and sorts rows by member, stably; see
// mpdp.backend.op.RouteRows.
//   chosen, order, place, root, kept (rows)    offsets (members + 1)
// The draws are shared; the counting sort, two passes over one int per row, is one thread's.
#include "mpdp/kernel.h"
#include "mpdp/philox.h"

namespace mpdp::MPDP_ISA {
using namespace operands::route_rows;
namespace {

void sort_rows(int64_t members, int64_t present, const int32_t* chosen, int32_t* places,
               int32_t* order, int32_t* place, int32_t* offsets) {
  for (int64_t m = 0; m <= members; m++) offsets[m] = 0;
  for (int64_t row = 0; row < present; row++) offsets[chosen[row] + 1]++;
  for (int64_t m = 0; m < members; m++) {
    offsets[m + 1] += offsets[m];
    places[m] = offsets[m];
  }
  for (int64_t row = 0; row < present; row++) {
    int32_t at = places[chosen[row]]++;
    order[at] = static_cast<int32_t>(row);
    if (place) place[row] = at;
  }
}

}  // namespace

void route_rows(const Call& call, Team& team) {
  int64_t members = call.size(kMembers), present = call.present(call.size(kRows), kCount);
  auto elite_count = static_cast<float>(call.size(kEliteCount));
  const int32_t* elites = call.ints(kElites);
  RandomState random(call.ints(kRandom));
  const int32_t *root_of = call.ints(kRoot), *kept = call.ints(kKept);
  int32_t* chosen = call.int_out(kChosen);
  auto* places =
      static_cast<int32_t*>(team.scratch(static_cast<size_t>(members) * sizeof(int32_t)));
  int64_t begin, end;
  team.share(present, PhiloxTile::kWords, &begin, &end);
  float uniforms[PhiloxTile::kWords];
  for (int64_t first = begin; first < end; first += PhiloxTile::kWords) {
    int64_t n = least(PhiloxTile::kWords, end - first);
    for (int64_t row = first; kept && row < first + n; row++) {
      chosen[row] = kept[root_of ? root_of[row] : row];
    }
    if (kept) continue;
    draw_row_uniforms(random, call.size(kSite), root_of, first, n, uniforms);
    for (int64_t i = 0; i < n; i++) {
      chosen[first + i] = elites[static_cast<int32_t>(uniforms[i] * elite_count)];
    }
  }
  team.barrier();
  if (team.rank() != 0) return;
  sort_rows(members, present, chosen, places, call.int_out(kOrder), call.int_out(kPlace),
            call.int_out(kOffsets));
}

}  // namespace mpdp::MPDP_ISA
