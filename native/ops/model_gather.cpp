// Standardised batches for the dynamics ensemble from the replay ring; see
// mpdp.backend.op.ModelGather.
//   columns (capacity, 2 states + actions + 2): state, action, reward, next state, terminated
//   x (members, rows, states + actions)    target (members, rows, states + 1)
// Bootstrap indices are drawn for 64 rows at a time; the rest is moving rows of about 100 bytes.
#include "mpdp/kernel.h"
#include "mpdp/philox.h"

namespace mpdp::MPDP_ISA {
using namespace operands::model_gather;
namespace {

constexpr int64_t kBatch = PhiloxTile::kWords;

struct Problem {
  int64_t members, rows, states, actions, fold, site;
  int64_t training;  // training rows in the ring
  uint32_t generation;
};

// ring[i] = ring row of member m's row first + i, for n <= kBatch rows.
void bootstrap(const Problem& p, const RandomState& random, int64_t member, int64_t first,
               int64_t n, int64_t* ring) {
  uint32_t words[kBatch];
  draw_words(random, p.site, member * p.rows + first, n, words);
  PhiloxTile tile;
  for (int64_t begin = 0; begin < n; begin += PhiloxTile::kBlocks) {
    int64_t count = least(PhiloxTile::kBlocks, n - begin);
    for (int64_t i = 0; i < PhiloxTile::kBlocks; i++) {
      uint32_t word = i < count ? words[begin + i] : 0u;
      tile.word[0][i] = static_cast<uint32_t>(index_of(word, p.training));
      tile.word[1][i] = static_cast<uint32_t>(p.site + 1);
      tile.word[2][i] = p.generation;
      tile.word[3][i] = static_cast<uint32_t>(member);
    }
    tile.encrypt(random.key_low, random.key_high);
    for (int64_t i = 0; i < count; i++) {
      int64_t t = index_of(tile.word[0][i], p.training);
      ring[begin + i] = t + t / (p.fold - 1);
    }
  }
}

void standardise(int64_t n, const float* __restrict from, const float* __restrict mean,
                 const float* __restrict inv_std, float* __restrict x) {
  for (int64_t d = 0; d < n; d++) x[d] = (from[d] - mean[d]) * inv_std[d];
}

void row_target(int64_t states, const float* __restrict state, const float* __restrict after,
                const float* __restrict mean, const float* __restrict scale,
                float* __restrict target) {
  const float* next = after + 1;
  for (int64_t d = 0; d < states; d++) target[d] = (next[d] - state[d] - mean[d]) / scale[d];
  target[states] = (after[0] - mean[states]) / scale[states];
}

// Standardises ring rows into places first .. first + n - 1 of x and target.
void move_rows(const Call& call, const Problem& p, const int64_t* ring, int64_t first, int64_t n) {
  int64_t inputs = p.states + p.actions, width = inputs + p.states + 2;
  for (int64_t i = 0; i < n; i++) {
    const float* column = call.in(kColumns) + ring[i] * width;
    standardise(inputs, column, call.in(kInputMean), call.in(kInputInvStd),
                call.out(kX) + (first + i) * inputs);
    row_target(p.states, column, column + inputs, call.in(kOutputMean), call.in(kOutputScale),
               call.out(kTarget) + (first + i) * (p.states + 1));
  }
}

}  // namespace

void model_gather(const Call& call, Team& team) {
  int64_t size = call.ints(kSize)[0], fold = call.size(kFold), holdout = size / fold;
  Problem p{call.size(kMembers),
            call.size(kRows),
            call.size(kStates),
            call.size(kActions),
            fold,
            call.size(kSite),
            size - holdout,
            static_cast<uint32_t>(call.ints(kControl)[0])};
  RandomState random(call.ints(kRandom));
  int64_t ring[kBatch], begin, end, present = p.rows;
  if (call.flag(kHoldout)) {
    int64_t start = call.ints(kControl)[1] * p.rows,
            looked = least(holdout, call.size(kChunks) * p.rows);
    present = most(0, least(p.rows, looked - start));
    team.share(present, kBatch, &begin, &end);
    for (int64_t first = begin; first < end; first += kBatch) {
      int64_t n = least(kBatch, end - first);
      for (int64_t i = 0; i < n; i++) {
        ring[i] = (start + first + i) * holdout / looked * fold + fold - 1;
      }
      move_rows(call, p, ring, first, n);
    }
  } else if (p.training == 0) {
    present = 0;
  } else {
    int64_t batches = (p.rows + kBatch - 1) / kBatch;
    team.share(p.members * batches, 1, &begin, &end);
    for (int64_t task = begin; task < end; task++) {
      int64_t member = task / batches, first = task % batches * kBatch;
      int64_t n = least(kBatch, p.rows - first);
      bootstrap(p, random, member, first, n, ring);
      move_rows(call, p, ring, member * p.rows + first, n);
    }
  }
  if (team.rank() == 0) call.int_out(kPresent)[0] = static_cast<int32_t>(present);
}

}  // namespace mpdp::MPDP_ISA
