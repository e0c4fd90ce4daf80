// Ends rollouts and moves the rest, in order, to the front of the next step's batch; see
// mpdp.backend.op.RolloutAdvance. A row's new place is the number of rows before it that go on: one
// block finds all places, 1024 rows at a time, from ballots and a prefix sum over its warps. The
// rows themselves, states words each, are moved by the whole device.
#include "rows.cuh"

namespace mpdp::rollout_advance {

constexpr int kWarps = 32;

MPDP_DEVICE bool stops(const Call& call, int64_t row) {
  const float* uncertainty = call.in(1);  // (rows) or null: never stop early
  const float* done = call.in(2);         // (rows)
  bool certain = !uncertainty || uncertainty[row] < call.number(0);  // a NaN is not
  return call.flag(4) || done[row] != 0.0f || !certain;
}

// The number of threads before this one whose flag is set; *all receives that of the block.
MPDP_DEVICE int rank_in_block(bool flag, int* warps, int* all) {
  int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  unsigned votes = __ballot_sync(~0u, flag);
  __syncthreads();  // the ranks before these have been read
  if (lane == 0) warps[warp] = __popc(votes);
  __syncthreads();
  int before = __popc(votes & ((1u << lane) - 1)), total = 0;
  for (int w = 0; w < kWarps; w++) {
    before += w < warp ? warps[w] : 0;
    total += warps[w];
  }
  *all = total;
  return before;
}

}  // namespace mpdp::rollout_advance

MPDP_KERNEL(rollout_advance_places, 1024) {
  using namespace mpdp::rollout_advance;
  __shared__ int warps[kWarps];
  int64_t present = call.present(call.size(0), 4), place = 0;
  const float* done = call.in(2);         // (rows)
  const int32_t* root_of = call.ints(3);  // (rows) or null
  int32_t* child = call.int_out(5);       // (rows)
  int32_t* next_root = call.int_out(7);   // (rows)
  float* tail_weight = call.out(10);      // (roots)
  float* length = call.out(11);           // (roots)
  for (int64_t first = 0; first < present; first += 32 * kWarps) {
    int64_t row = first + threadIdx.x;
    bool here = row < present, goes_on = here && !stops(call, row);
    int moving;
    int64_t to = place + rank_in_block(goes_on, warps, &moving);
    place += moving;
    if (!here) continue;
    int32_t root = root_of ? root_of[row] : static_cast<int32_t>(row);
    length[root] = static_cast<float>(call.size(3) + 1);
    child[row] = goes_on ? static_cast<int32_t>(to) : -1;
    if (goes_on) {
      next_root[to] = root;
    } else {
      tail_weight[root] = done[row] != 0.0f ? 0.0f : call.number(1);
    }
  }
  if (threadIdx.x == 0) call.int_out(6)[0] = static_cast<int32_t>(place);
}

MPDP_KERNEL(rollout_advance_move, 256) {
  int64_t states = call.size(2), elements = call.present(call.size(0), 4) * states;
  const float* next = call.in(0);         // (rows, states)
  const int32_t* root_of = call.ints(3);  // (rows) or null
  const int32_t* child = call.ints(5);    // (rows)
  float* next_state = call.out(8);        // (rows, states)
  float* tail_state = call.out(9);        // (roots, states)
  for (int64_t i = mpdp::first_item(); i < elements; i += mpdp::item_stride()) {
    mpdp::Place at = mpdp::place_of(i, states);
    int64_t to = child[at.row], root = root_of ? root_of[at.row] : at.row;
    (to < 0 ? tail_state + root * states : next_state + to * states)[at.column] = next[i];
  }
}
