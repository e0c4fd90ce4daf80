// What every native/ops/<op>.cpp includes. Each file is compiled once per instruction set (those
// that multiply matrices for amx, too), with MPDP_ISA naming the namespace (baseline, avx2,
// avx512), and defines one function:
//   void MPDP_OP(mlp_forward)(const Call& call, Team& team);
#pragma once
#include "mpdp/call.h"
#include "mpdp/team.h"

#ifndef MPDP_ISA
#error "MPDP_ISA must name the instruction set's namespace"
#endif

namespace mpdp::MPDP_ISA {
#define MPDP_KERNEL(name) void name(const Call& call, Team& team);
#include "mpdp/kernel_list.def"
#undef MPDP_KERNEL
}  // namespace mpdp::MPDP_ISA

#define MPDP_OP(name) mpdp::MPDP_ISA::name
