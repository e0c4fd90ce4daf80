// The one-vs-rest moments that disagreement and its backward pass share. -i is the mixture of all
// members but i: rest mean = mean of means, rest variance = mean of (variance + (mean - rest
// mean)^2), the documented moment in the form that does not cancel. Sums leave member i out instead
// of subtracting it, for the same reason: members^2 cheap steps.
//
// A block takes whole rows, a thread one item of them: a member's head in one dimension. What costs
// is the soft clamp, exp and log of an item, so items are spread as far as threads reach; what the
// other members need of it goes through shared memory.
#pragma once
#include "math.cuh"
#include "rows.cuh"
#include "sum.cuh"

namespace mpdp {

// Their operands that are read here, which both have in the same places.
namespace of_both = operands::disagreement;
static_assert(of_both::kMembers == operands::disagreement_backward::kMembers);
static_assert(of_both::kRows == operands::disagreement_backward::kRows);
static_assert(of_both::kDimensions == operands::disagreement_backward::kDimensions);

struct Rest {
  float mean, variance;
};

// A member's divergence from its rest, KL(member || rest) = (q - 1 - log q + delta^2 / rest
// variance) / 2 with q = variance / rest variance: members that agree give a tiny value, never a
// negative one.
MPDP_DEVICE float divergence(float q, float delta, const Rest& rest) {
  return 0.5f * (((q - 1.0f) - logf(q)) + delta * delta / rest.variance);
}

template <int kThreads>
struct OneVsRest {
  struct Item {
    int at;     // in the block's arrays
    int first;  // the item of member 0 in this row and dimension
    int row, member, dimension;
    int64_t head;  // of its mean in (members, rows, 2D)
  };

  int members, dimensions, width, rows;  // items of a row, rows of this block that are present
  int64_t begin, all;                    // first row of this block, rows of the batch
  float *mean, *variance;                // shared (rows, members, dimensions)

  // `memory` is shared: arrays of the block's items, of which the first two are filled with means
  // and variances by whoever makes them.
  MPDP_DEVICE OneVsRest(const Call& call, const BlockShare& share, int64_t present, float* memory)
      : members(static_cast<int>(call.size(of_both::kMembers))),
        dimensions(static_cast<int>(call.size(of_both::kDimensions))),
        width(members * dimensions),
        rows(static_cast<int>(most(0, share.last(present) - share.begin))),
        begin(share.begin),
        all(call.size(of_both::kRows)) {
    mean = array(memory, 0);
    variance = array(memory, 1);
  }

  MPDP_DEVICE float* array(float* memory, int i) const { return memory + i * rows * width; }

  template <typename Use>
  MPDP_DEVICE void each(Use use) const {
    for (int t = static_cast<int>(threadIdx.x); t < rows * width; t += kThreads) {
      int row = t / width, in_row = t - row * width, member = in_row / dimensions;
      int dimension = in_row - member * dimensions;
      int64_t head = ((member * all + begin + row) * 2) * dimensions + dimension;
      use(Item{t, t - member * dimensions, row, member, dimension, head});
    }
  }

  // Everything but item i's member.
  MPDP_DEVICE Rest rest(const Item& i) const {
    float share = 1.0f / static_cast<float>(members - 1), centre = 0.0f, spread = 0.0f;
    for (int j = 0, at = i.first; j < members; j++, at += dimensions) {
      centre += j == i.member ? 0.0f : mean[at];
    }
    centre *= share;
    for (int j = 0, at = i.first; j < members; j++, at += dimensions) {
      spread += j == i.member ? 0.0f : variance[at] + square(mean[at] - centre);
    }
    return {centre, spread * share};
  }

  // use(row of the block, sum of its terms), on one thread of a warp that sums them.
  template <typename Use>
  MPDP_DEVICE void row_sums(const float* terms, Use use) const {
    for (int row = static_cast<int>(threadIdx.x) / 32; row < rows; row += kThreads / 32) {
      const float* mine = terms + row * width;
      double sum = warp_sum_of<double>(width, [=](int64_t i) { return mine[i]; });
      if (threadIdx.x % 32 == 0) use(row, sum);
    }
  }
};

// u of mpdp.backend.op.Disagreement's LOG scale: log(mean KL + 1e-8).
constexpr int64_t kLogScale = 0;
MPDP_DEVICE float mean_plus_floor(double sum, int64_t terms) {
  return static_cast<float>(sum) / static_cast<float>(terms) + 1e-8f;
}

}  // namespace mpdp
