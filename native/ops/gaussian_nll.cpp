// Gaussian negative log-likelihood of an ensemble with its gradient; see
// mpdp.backend.op.GaussianNll.
//   heads (members, rows, 2D): mean, raw log-variance    targets (rows, D) or (members, rows, D)
//   loss, squaredError (members)    dHeads (members, rows, 2D)    dBounds (2D): max, min
// About 100 flops per element, so the cost is the elementary functions: rows are packed into
// tiles. A task is one member's fixed chunk of rows and leaves its sums per dimension in shared
// memory (members, chunks, 4, D): loss, squared error, by max, by min.
#include "mpdp/gaussian_head.h"
#include "mpdp/kernel.h"
#include "mpdp/tile.h"

namespace mpdp::MPDP_ISA {
using namespace operands::gaussian_nll;
namespace {

enum Sum { kLossSum, kSquaredErrorSum, kByMaxSum, kByMinSum, kSums };

struct Problem {
  int64_t members, rows, dimensions, present;
  bool private_targets;
  float scale;  // of the gradients: 1 / (present rows * dimensions)
  const float* heads;
  const float* targets;
  float* d_heads;  // or null
  Tiling tiling;
};

struct Work {  // flat tiles in this thread's scratch memory
  static constexpr int kArrays = 7 + kSums;
  float *mean, *raw, *target, *max, *min, *d_mean, *d_raw;
  float* sum[kSums];

  Work(float* memory, int64_t stride) {
    float** arrays[] = {&mean, &raw, &target, &max, &min, &d_mean, &d_raw};
    for (float** array : arrays) *array = memory, memory += stride;
    for (float*& array : sum) array = memory, memory += stride;
  }
};

void evaluate(int64_t n, float scale, const float* __restrict mean, const float* __restrict raw,
              const float* __restrict target, const float* __restrict max,
              const float* __restrict min, float* __restrict d_mean, float* __restrict d_raw,
              float* __restrict loss, float* __restrict squared, float* __restrict by_max,
              float* __restrict by_min) {
  for (int64_t e = 0; e < n; e++) {
    LogVariance lv = log_variance(raw[e], max[e], min[e]);
    float difference = mean[e] - target[e];
    float precision = exp(-lv.value);
    float ratio = difference * difference * precision;
    float by_lv = scale * (1.0f - ratio);
    d_mean[e] = scale * 2.0f * difference * precision;
    d_raw[e] = by_lv * lv.by_raw;
    loss[e] = ratio + lv.value;
    squared[e] = difference * difference;
    by_max[e] = by_lv * lv.by_max;
    by_min[e] = by_lv * lv.by_min;
  }
}

// One member's rows [begin, end); partial (kSums, D) receives the sums over them.
void chunk(const Problem& p, const Work& w, int64_t member, int64_t begin, int64_t end,
           float* partial) {
  int64_t dimensions = p.dimensions;
  for (int64_t i = 0; i < kSums * dimensions; i++) partial[i] = 0.0f;
  for (int64_t row = begin; row < end; row += p.tiling.rows) {
    int64_t count = least(p.tiling.rows, end - row);
    int64_t head = (member * p.rows + row) * 2 * dimensions;
    int64_t target = ((p.private_targets ? member * p.rows : 0) + row) * dimensions;
    p.tiling.pack(p.heads + head, 2 * dimensions, count, w.mean);
    p.tiling.pack(p.heads + head + dimensions, 2 * dimensions, count, w.raw);
    p.tiling.pack(p.targets + target, dimensions, count, w.target);
    evaluate(padded(count * dimensions), p.scale, w.mean, w.raw, w.target, w.max, w.min, w.d_mean,
             w.d_raw, w.sum[kLossSum], w.sum[kSquaredErrorSum], w.sum[kByMaxSum], w.sum[kByMinSum]);
    if (p.d_heads) {
      p.tiling.unpack(w.d_mean, 2 * dimensions, count, false, p.d_heads + head);
      p.tiling.unpack(w.d_raw, 2 * dimensions, count, false, p.d_heads + head + dimensions);
    }
    for (int s = 0; s < kSums; s++) {
      for (int64_t i = 0; i < count; i++) {
        for (int64_t d = 0; d < dimensions; d++) {
          partial[s * dimensions + d] += w.sum[s][i * dimensions + d];
        }
      }
    }
  }
}

// Sum over `tasks` partials of one quantity and dimension, in order.
double total(const float* partials, int64_t tasks, int64_t dimensions, Sum sum, int64_t d) {
  double value = 0;
  for (int64_t t = 0; t < tasks; t++) value += partials[(t * kSums + sum) * dimensions + d];
  return value;
}

}  // namespace

void gaussian_nll(const Call& call, Team& team) {
  int64_t members = call.size(kMembers), rows = call.size(kRows),
          dimensions = call.size(kDimensions);
  int64_t present = call.present(rows, kCount);
  double elements = static_cast<double>(present) * static_cast<double>(dimensions);
  Problem p{members,
            rows,
            dimensions,
            present,
            call.flag(kPrivateTargets),
            static_cast<float>(present > 0 ? 1.0 / elements : 0.0),
            call.in(kHeads),
            call.in(kTargets),
            call.out(kDHeads),
            Tiling(dimensions)};
  int64_t chunk_rows = most(64, (present + 63) / 64);
  chunk_rows = (chunk_rows + p.tiling.rows - 1) / p.tiling.rows * p.tiling.rows;
  int64_t chunks = (present + chunk_rows - 1) / chunk_rows, tasks = members * chunks;

  int64_t stride = p.tiling.stride;
  Work work(static_cast<float*>(team.scratch(Work::kArrays * stride * sizeof(float))), stride);
  auto* partials = static_cast<float*>(
      team.shared(static_cast<size_t>(tasks * kSums * dimensions) * sizeof(float)));
  p.tiling.repeat(call.in(kBounds), work.max);
  p.tiling.repeat(call.in(kBounds) + dimensions, work.min);
  int64_t begin, end;
  team.share(tasks, 1, &begin, &end);
  for (int64_t task = begin; task < end; task++) {
    int64_t from = task % chunks * chunk_rows;
    chunk(p, work, task / chunks, from, least(present, from + chunk_rows),
          partials + task * kSums * dimensions);
  }
  team.barrier();

  team.share(members, 1, &begin, &end);
  for (int64_t m = begin; m < end; m++) {
    const float* mine = partials + m * chunks * kSums * dimensions;
    double loss = 0, squared = 0;
    for (int64_t d = 0; d < dimensions; d++) {
      loss += total(mine, chunks, dimensions, kLossSum, d);
      squared += total(mine, chunks, dimensions, kSquaredErrorSum, d);
    }
    call.out(kLoss)[m] = present > 0 ? static_cast<float>(loss / elements) : 0.0f;
    call.out(kSquaredError)[m] = present > 0 ? static_cast<float>(squared / elements) : 0.0f;
  }
  if (!call.has(kDBounds)) return;
  double weight = call.precise(kBoundsWeight);
  team.share(dimensions, kVector, &begin, &end);
  for (int64_t d = begin; d < end; d++) {
    double by_max = weight + total(partials, tasks, dimensions, kByMaxSum, d);
    double by_min = -weight + total(partials, tasks, dimensions, kByMinSum, d);
    call.out(kDBounds)[d] = static_cast<float>(by_max);
    call.out(kDBounds)[dimensions + d] = static_cast<float>(by_min);
  }
}

}  // namespace mpdp::MPDP_ISA
