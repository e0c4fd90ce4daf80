// The calling thread's __shared__ variables.
#pragma once

namespace emulator {

// Fills them with NaN, as nobody may count on what they hold when a kernel starts.
void poison_shared();

}  // namespace emulator
