// What is left of the networks where a library multiplies their matrices
// (mpdp.backend.cuda.LibraryLaunches has the order of the launches): what happens to the rows
// between two products, and sums of columns. call.part() is the layer. Matrices are row-major, with
// one block of rows for each member.
#include "mlp_backward_rows.cuh"
#include "rows.cuh"

namespace mpdp::mlp_library {
namespace forward = operands::mlp_forward;
namespace backward = operands::mlp_backward;

constexpr int kThreads = 256, kWarps = kThreads / 32;

// A layer's results of the forward pass: (members * rows, out). Without a tape, two layers share
// the scratch in turns.
struct Forward {
  const Call& call;
  Mlp mlp;
  int64_t rows, first, all;  // of a member, first member, of all members
  int layer, out;
  float* results;

  MPDP_DEVICE Forward(const Call& c, float* scratch)
      : call(c),
        mlp(c),
        rows(c.size(forward::kRows)),
        first(c.size(forward::kFirstMember)),
        all(c.size(forward::kMemberCount) * rows),
        layer(static_cast<int>(c.part())),
        out(mlp.out(layer)) {
    results = layer == mlp.layers        ? call.out(forward::kY)
              : call.out(forward::kTape) ? tape(0).h
                                         : scratch + (layer & 1) * align16(all * mlp.width);
  }

  MPDP_DEVICE Tape tape(int64_t row) const {
    return Tape(mlp, call.out(forward::kTape), layer, all, row);
  }
  // The member's vector in a block (members, out) of the parameters.
  MPDP_DEVICE const float* vector(int64_t block, int64_t row) const {
    return call.in(forward::kParameters) + block + (first + row / rows) * out;
  }

  // A warp takes row `row` from x W to y, or to h and the tape.
  MPDP_DEVICE void finish(int64_t row) const {
    int lane = static_cast<int>(threadIdx.x) % 32;
    float* z = results + row * out;
    const float* bias = vector(mlp.bias(layer), row);
    bool keep = call.out(forward::kTape) != nullptr;
    if (layer < mlp.layers && mlp.norm) {
      for (int c = lane; c < out; c += 32) z[c] += bias[c];
      normalise(row, z, lane, keep);
      return;
    }
    Tape kept = tape(row);
    for (int c = lane; c < out; c += 32) {
      float sum = z[c] + bias[c];
      z[c] = layer == mlp.layers ? sum : activate(mlp, sum, kept, c, keep);
    }
  }

  MPDP_DEVICE void normalise(int64_t row, float* z, int lane, bool keep) const {
    const float *gain = vector(mlp.gain(layer), row), *shift = vector(mlp.shift(layer), row);
    Tape kept = tape(row);
    float sum = 0.0f, squares = 0.0f;
    for (int c = lane; c < out; c += 32) sum += z[c];
    float mean = warp_sum(sum) / static_cast<float>(out);
    for (int c = lane; c < out; c += 32) squares += square(z[c] - mean);
    float inv_std = 1.0f / sqrtf(warp_sum(squares) / static_cast<float>(out) + kNormEpsilon);
    for (int c = lane; c < out; c += 32) {
      float n = (z[c] - mean) * inv_std;
      if (keep) kept.normalised[c] = n;
      z[c] = activate(mlp, n * gain[c] + shift[c], kept, c, keep);
    }
    if (keep && lane == 0) kept.inv_std[0] = inv_std;
  }
};

// A hidden layer of the backward pass: dh, which the product left in dz's place, becomes dz.
struct Backward : mlp_backward::Problem {
  int layer;

  MPDP_DEVICE Backward(const Call& c, float* scratch)
      : Problem(c, scratch), layer(static_cast<int>(c.part())) {}

  // Through the activation alone.
  MPDP_DEVICE float through(const Tape& kept, int at, float d) const {
    if (mlp.silu) return d * kept.derivative[at];
    return kept.h[at] > 0.0f ? d : 0.0f;
  }

  // A warp takes row `row` of all members' rows.
  MPDP_DEVICE void finish(int64_t row) const {
    int lane = static_cast<int>(threadIdx.x) % 32, width = mlp.width;
    float* d = layer_dz(0, layer) + row * width;
    Tape kept = tape(layer, 0, row);
    const float* gain =
        call.in(backward::kParameters) + mlp.gain(layer) + (first + row / rows) * width;
    float total = 0.0f, product = 0.0f;
    for (int c = lane; c < width; c += 32) {
      float g = through(kept, c, d[c]);
      if (mlp.norm) {
        g *= gain[c];
        total += g;
        product += g * kept.normalised[c];
      }
      d[c] = g;
    }
    if (!mlp.norm) return;
    float share = 1.0f / static_cast<float>(width);
    float mean = warp_sum(total) * share, slope = warp_sum(product) * share;
    for (int c = lane; c < width; c += 32) {
      d[c] = kept.inv_std[0] * (d[c] - mean - kept.normalised[c] * slope);
    }
  }
};

// A block's lanes have columns, its warps take turns at the rows; the total is warp 0's.
template <class Term>
MPDP_DEVICE float column_sum(int64_t rows, bool active, Term term) {
  __shared__ float parts[kThreads];
  int warp = static_cast<int>(threadIdx.x) / 32;
  float sum = 0.0f;
  for (int64_t r = warp; active && r < rows; r += kWarps) sum += term(r);
  __syncthreads();  // the sums before these have been read
  parts[threadIdx.x] = sum;
  __syncthreads();
  for (int w = 1; warp == 0 && w < kWarps; w++) sum += parts[w * 32 + threadIdx.x];
  return sum;
}

}  // namespace mpdp::mlp_library

MPDP_KERNEL(mlp_forward_layer, 256) {
  mpdp::mlp_library::Forward layer(call, scratch);
  for (int64_t row : mpdp::GridShare().warps(layer.all)) layer.finish(row);
}

MPDP_KERNEL(mlp_backward_layer, 256) {
  mpdp::mlp_library::Backward layer(call, scratch);
  for (int64_t row : mpdp::GridShare().warps(layer.members * layer.rows)) layer.finish(row);
}

// Gradients of a layer's bias. Blocks are (32 columns, members).
MPDP_KERNEL(mlp_backward_layer_bias, 256) {
  using namespace mpdp::operands::mlp_backward;
  mpdp::mlp_library::Backward p(call, scratch);
  int64_t m = blockIdx.y;
  int column = static_cast<int>(blockIdx.x * 32 + threadIdx.x % 32), out = p.mlp.out(p.layer);
  const float* dz =
      p.layer == p.mlp.layers ? call.in(kDy) + m * p.rows * out : p.layer_dz(m, p.layer);
  float sum = mpdp::mlp_library::column_sum(p.rows, column < out,
                                            [&](int64_t r) { return dz[r * out + column]; });
  if (threadIdx.x >= 32 || column >= out) return;
  mpdp::put(p.d_parameters + p.mlp.bias(p.layer) + (p.first + m) * out + column, sum,
            call.flag(kAccumulateParameters));
}

// Gradients of LayerNorm's gain and shift, from dh. Blocks are (32 columns, members).
MPDP_KERNEL(mlp_backward_layer_norm, 256) {
  using namespace mpdp::operands::mlp_backward;
  mpdp::mlp_library::Backward p(call, scratch);
  int64_t m = blockIdx.y;
  int width = p.mlp.width, column = static_cast<int>(blockIdx.x * 32 + threadIdx.x % 32);
  const float* dh = p.layer_dz(m, p.layer);
  mpdp::Tape kept = p.tape(p.layer, m, 0);
  auto gradient = [&](int64_t r) {
    int at = static_cast<int>(r) * width + column;
    return p.through(kept, at, dh[at]);
  };
  float shift = mpdp::mlp_library::column_sum(p.rows, column < width, gradient);
  float gain = mpdp::mlp_library::column_sum(p.rows, column < width, [&](int64_t r) {
    return gradient(r) * kept.normalised[r * width + column];
  });
  if (threadIdx.x >= 32 || column >= width) return;
  float* target = p.d_parameters + (p.first + m) * width + column;
  mpdp::put(target + p.mlp.gain(p.layer), gain, call.flag(kAccumulateParameters));
  mpdp::put(target + p.mlp.shift(p.layer), shift, call.flag(kAccumulateParameters));
}
