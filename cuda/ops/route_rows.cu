// Gives each row a random elite member, or the one it had, and sorts rows by member, stably; see
// mpdp.backend.op.RouteRows. A counting sort: every thread owns a run of neighbouring rows and
// counts its members' rows; a scan in the order (member, block, thread) turns counts into places;
// then each thread places its rows in order. One block does all of it for as many rows as it has;
// more rows take two launches, one that counts the rows of every block, and one that places them.
// 12 bytes a row.
//   scratch: int (members, blocks): rows of a block that a member has
#include "philox.cuh"
#include "sum.cuh"

namespace mpdp::route_rows {
using namespace operands::route_rows;

constexpr int kThreads = 256, kWarps = kThreads / 32;
constexpr int kRun = 2;  // rows of a thread; RowLaunches.ROUTE_ROWS is those of a block
constexpr int kAbsent = -1;

// The rows of this block.
struct Rows {
  int members;
  int64_t begin, present;  // first row of this thread; rows of the batch
  int* counts;             // shared (members, kThreads): of this thread, then of those before it
  int* totals;             // shared (members): rows of this block
  int* starts;             // shared (members): place of this block's first row
  int member[kRun];        // of this thread's rows

  // `memory` is shared: members (kThreads + 2) ints.
  MPDP_DEVICE Rows(const Call& call, int* memory)
      : members(static_cast<int>(call.size(kMembers))),
        begin((static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x) * kRun),
        present(call.present(call.size(kRows), kCount)),
        counts(memory),
        totals(counts + members * kThreads),
        starts(totals + members) {}

  // Draws the rows' members, or takes the ones that were kept.
  MPDP_DEVICE void choose(const Call& call) {
    const int32_t* elites = call.ints(kElites);  // (eliteCount)
    RandomState random(call.ints(kRandom));
    const int32_t* root_of = call.ints(kRoot);  // (rows) or null
    const int32_t* kept = call.ints(kKept);     // (rows) or null: draw
    for (int k = 0; k < kRun; k++) {
      int64_t row = begin + k;
      member[k] = kAbsent;
      if (row >= present) continue;
      int64_t root = root_of ? root_of[row] : row;
      member[k] = kept
                      ? kept[root]
                      : elites[draw_choice(random, call.size(kSite), root, call.size(kEliteCount))];
      call.int_out(kChosen)[row] = member[k];  // (rows)
    }
  }

  // Fills counts and totals: a warp scans the threads' counts of a member, 8 a lane.
  MPDP_DEVICE void count() {
    for (int m = 0; m < members; m++) counts[m * kThreads + threadIdx.x] = 0;
    for (int k = 0; k < kRun; k++) {
      if (member[k] != kAbsent) counts[member[k] * kThreads + threadIdx.x]++;
    }
    __syncthreads();
    int lane = static_cast<int>(threadIdx.x) % 32;
    for (int m = static_cast<int>(threadIdx.x) / 32; m < members; m += kWarps) {
      int* run = counts + m * kThreads + lane * kWarps;
      int sum = 0;
      for (int i = 0; i < kWarps; i++) sum += run[i];
      int before = scan(sum, lane) - sum;
      if (lane == 31) totals[m] = before + sum;
      for (int i = 0; i < kWarps; i++) {
        int own = run[i];
        run[i] = before;
        before += own;
      }
    }
    __syncthreads();
  }

  // The sum of the values of this lane and those before it.
  MPDP_DEVICE static int scan(int sum, int lane) {
    for (int step = 1; step < 32; step *= 2) {
      int before = __shfl_up_sync(~0u, sum, step);
      if (lane >= step) sum += before;
    }
    return sum;
  }

  // Adds to starts the rows of the members before, when totals are those of all blocks; the first
  // block writes where members begin.
  MPDP_DEVICE void start(const Call& call) {
    int32_t* offsets = call.int_out(kOffsets);  // (members + 1)
    for (int m = static_cast<int>(threadIdx.x); m <= members; m += kThreads) {
      int sum = 0;
#pragma unroll 1  // else the compiler reads ahead, behind the end of shared memory
      for (int j = 0; j < m; j++) sum += totals[j];
      if (blockIdx.x == 0) offsets[m] = sum;
      if (m < members) starts[m] += sum;
    }
    __syncthreads();
  }

  MPDP_DEVICE void place(const Call& call) const {
    int32_t* order = call.int_out(kOrder);   // (rows)
    int32_t* places = call.int_out(kPlace);  // (rows) or null
    for (int k = 0; k < kRun; k++) {
      if (member[k] == kAbsent) continue;
      int* before = counts + member[k] * kThreads + threadIdx.x;
      int at = starts[member[k]] + (*before)++;
      order[at] = static_cast<int32_t>(begin + k);
      if (places) places[begin + k] = at;
    }
  }
};

}  // namespace mpdp::route_rows

MPDP_KERNEL(route_rows, 256) {
  using namespace mpdp::route_rows;
  MPDP_DYNAMIC_SHARED(int, memory);
  Rows rows(call, memory);
  for (int m = static_cast<int>(threadIdx.x); m < rows.members; m += kThreads) rows.starts[m] = 0;
  rows.choose(call);
  rows.count();
  rows.start(call);
  rows.place(call);
}

MPDP_KERNEL(route_rows_count, 256) {
  using namespace mpdp::route_rows;
  MPDP_DYNAMIC_SHARED(int, memory);
  Rows rows(call, memory);
  rows.choose(call);
  rows.count();
  int* counts = reinterpret_cast<int*>(scratch) + blockIdx.x;
  for (int m = static_cast<int>(threadIdx.x); m < rows.members; m += kThreads) {
    counts[m * gridDim.x] = rows.totals[m];
  }
}

MPDP_KERNEL(route_rows_place, 256) {
  using namespace mpdp::route_rows;
  MPDP_DYNAMIC_SHARED(int, memory);
  Rows rows(call, memory);
  const int* counts = reinterpret_cast<const int*>(scratch);
  const int32_t* chosen = call.ints(kChosen);  // (rows)
  for (int k = 0; k < kRun; k++) {
    rows.member[k] = rows.begin + k < rows.present ? chosen[rows.begin + k] : kAbsent;
  }
  rows.count();
  for (int m = static_cast<int>(threadIdx.x) / 32; m < rows.members; m += kWarps) {
    const int* mine = counts + m * gridDim.x;
    int before = mpdp::warp_sum_of<int>(blockIdx.x, [=](int64_t b) { return mine[b]; });
    int all = mpdp::warp_sum_of<int>(gridDim.x, [=](int64_t b) { return mine[b]; });
    if (threadIdx.x % 32 == 0) {
      rows.starts[m] = before;
      rows.totals[m] = all;
    }
  }
  __syncthreads();
  rows.start(call);
  rows.place(call);
}
