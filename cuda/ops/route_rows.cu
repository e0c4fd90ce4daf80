// Gives each row a random elite member, or the one it had, and sorts rows by member, stably; see
// mpdp.backend.op.RouteRows. A counting sort in one block: every thread owns a run of neighbouring
// rows and counts its members' rows; a scan in the order (member, thread) turns counts into places;
// then each thread places its rows in order. Two passes of 4 bytes a row.
#include "philox.cuh"

namespace mpdp::route_rows {

constexpr int kThreads = 256;

// Replaces counts (kThreads) by the sums before them, plus `start`; returns start plus their total.
MPDP_DEVICE int scan(int* counts, int start) {
  __shared__ int warps[kThreads / 32];
  int lane = threadIdx.x % 32, warp = threadIdx.x / 32, mine = counts[threadIdx.x], sum = mine;
  for (int step = 1; step < 32; step *= 2) {
    int before = __shfl_sync(~0u, sum, lane >= step ? lane - step : lane);
    if (lane >= step) sum += before;
  }
  __syncthreads();  // the warps' sums of the scan before this one have been read
  if (lane == 31) warps[warp] = sum;
  __syncthreads();
  int total = start;
  for (int w = 0; w < kThreads / 32; w++) {
    sum += w < warp ? warps[w] : 0;
    total += warps[w];
  }
  counts[threadIdx.x] = start + sum - mine;
  return total;
}

}  // namespace mpdp::route_rows

MPDP_KERNEL(route_rows, 256) {
  using namespace mpdp::route_rows;
  MPDP_DYNAMIC_SHARED(int, counts);  // (members, kThreads)
  int64_t members = call.size(0), present = call.present(call.size(1), 2);
  const int32_t* elites = call.ints(0);  // (eliteCount)
  mpdp::RandomState random(call.ints(1));
  const int32_t* root_of = call.ints(3);  // (rows) or null
  const int32_t* kept = call.ints(4);     // (rows) or null: draw
  int32_t* order = call.int_out(5);       // (rows)
  int32_t* offsets = call.int_out(6);     // (members + 1)
  int32_t* chosen = call.int_out(7);      // (rows)
  int64_t run = (present + kThreads - 1) / kThreads;
  int64_t begin = mpdp::least(present, threadIdx.x * run), end = mpdp::least(present, begin + run);
  int* mine = counts + threadIdx.x;
  for (int64_t m = 0; m < members; m++) mine[m * kThreads] = 0;
  for (int64_t row = begin; row < end; row++) {
    int32_t member = kept ? kept[root_of ? root_of[row] : row]
                          : elites[mpdp::draw_choice(random, call.size(3), row, call.size(2))];
    chosen[row] = member;
    mine[member * kThreads]++;
  }
  int start = 0;
  for (int64_t m = 0; m < members; m++) {
    if (threadIdx.x == 0) offsets[m] = start;
    start = scan(counts + m * kThreads, start);
  }
  if (threadIdx.x == 0) offsets[members] = start;
  for (int64_t row = begin; row < end; row++) {
    order[mine[chosen[row] * kThreads]++] = static_cast<int32_t>(row);
  }
}
