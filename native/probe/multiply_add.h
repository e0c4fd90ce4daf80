// The multiply-add loop of each instruction set; see multiply_add.cpp.
#pragma once
#include <cstdint>

namespace mpdp {

constexpr int kProbeChains = 12;

namespace baseline {
double multiply_add(int64_t rounds);
int64_t multiply_add_flops();
}  // namespace baseline
namespace avx2 {
double multiply_add(int64_t rounds);
int64_t multiply_add_flops();
}  // namespace avx2
namespace avx512 {
double multiply_add(int64_t rounds);
int64_t multiply_add_flops();
}  // namespace avx512

}  // namespace mpdp
