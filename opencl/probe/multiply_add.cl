// The most multiply-adds the device does: what the kernels of the networks are measured against.
//
// 12 independent chains of 8 lanes per item: in AVX2's registers, and enough to hide the latency of
// a multiply-add; wider vectors split, narrower ones join. Nothing is read from memory. 192 flops a
// round and item.

#define CHAINS 12

__kernel void multiply_add(__global float* result, int rounds) {
  float8 chains[CHAINS], factor = (float8)(0.999f), term = (float8)(0.001f);
#pragma unroll
  for (int c = 0; c < CHAINS; c++) chains[c] = (float8)((float)c);
  for (int round = 0; round < rounds; round++) {
#pragma unroll
    for (int c = 0; c < CHAINS; c++) chains[c] = fma(chains[c], factor, term);
  }
  float8 total = (float8)(0.0f);
#pragma unroll
  for (int c = 0; c < CHAINS; c++) total += chains[c];
  float4 half4 = total.lo + total.hi;
  // Keeps the compiler from dropping the work: the sum is nowhere near it.
  if (half4.x + half4.y + half4.z + half4.w == 1e30f) result[0] = half4.x;
}
