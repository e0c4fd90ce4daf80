// Ends rollouts and moves the rest, in order, to the front of the next step's batch; see
// mpdp.backend.op.RolloutAdvance. A row's new place is the number of rows before it that go on:
// every block counts those before its own rows, 8 bytes a row, instead of waiting for the blocks
// before it. Its own it places with ballots, and moves their states with all its threads.
#include "rows.cuh"
#include "sum.cuh"

namespace mpdp::rollout_advance {
using namespace operands::rollout_advance;

constexpr int kThreads = 256, kWarps = kThreads / 32;

MPDP_DEVICE bool goes_on(const Call& call, int64_t row) {
  const float* uncertainty = call.in(kUncertainty);  // (rows) or null: never stop early
  const float* done = call.in(kDone);                // (rows)
  bool certain = !uncertainty || uncertainty[row] < call.number(kThreshold);  // a NaN is not
  return !call.flag(kLast) && done[row] == 0.0f && certain;
}

// The number of threads before this one whose flag is set; *all receives that of the block.
MPDP_DEVICE int rank_in_block(bool flag, int* all) {
  __shared__ int warps[kWarps];
  int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  unsigned votes = __ballot_sync(~0u, flag);
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

// The bookkeeping of a row that moves to row `to` of the next batch, or ends.
MPDP_DEVICE void note(const Call& call, int64_t row, int32_t root, bool moves, int32_t to) {
  call.out(kLength)[root] = static_cast<float>(call.size(kStep) + 1);  // (roots)
  call.int_out(kChild)[row] = moves ? to : -1;                         // (rows)
  if (moves) {
    call.int_out(kNextRoot)[to] = root;  // (rows)
  } else {
    call.out(kTailWeight)[root] =
        call.in(kDone)[row] != 0.0f ? 0.0f : call.number(kTailDiscount);  // (roots)
  }
}

}  // namespace mpdp::rollout_advance

MPDP_KERNEL(rollout_advance, 256) {
  using namespace mpdp::rollout_advance;
  __shared__ float* targets[kThreads];  // where rows' states go
  int64_t rows = call.size(kRows), states = call.size(kStates),
          present = call.present(rows, kCount);
  int64_t share = (rows + gridDim.x - 1) / gridDim.x, begin = blockIdx.x * share;
  int64_t end = mpdp::least(begin + share, present);
  const int32_t* root_of = call.ints(kRoot);  // (rows) or null
  double before = mpdp::block_sum_of<kThreads>(
      mpdp::least(begin, present), [&](int64_t row) { return goes_on(call, row) ? 1 : 0; });
  auto place = static_cast<int32_t>(before);
  for (int64_t first = begin; first < end; first += kThreads) {
    int64_t row = first + threadIdx.x;
    bool moves = row < end && goes_on(call, row);
    int moving;
    int32_t to = place + rank_in_block(moves, &moving);
    place += moving;
    if (row < end) {
      int32_t root = root_of ? root_of[row] : static_cast<int32_t>(row);
      note(call, row, root, moves, to);
      // next state (rows, states), tail state (roots, states)
      targets[threadIdx.x] =
          moves ? call.out(kNextState) + to * states : call.out(kTailState) + root * states;
    }
    __syncthreads();
    const float* next = call.in(kNext) + first * states;  // (rows, states)
    int64_t elements = mpdp::least(end - first, kThreads) * states;
    for (int64_t i = threadIdx.x; i < elements; i += kThreads) {
      mpdp::Place at = mpdp::place_of(i, states);
      targets[at.row][at.column] = next[i];
    }
    __syncthreads();  // the targets and ranks have been read
  }
  if (blockIdx.x == gridDim.x - 1 && threadIdx.x == 0) call.int_out(kNextCount)[0] = place;
}
