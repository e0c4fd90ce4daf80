package mpdp.backend.opencl;

/**
 * One kernel of an op, on a fixed grid that covers the op's capacity; kernels read how many rows
 * are present themselves.
 *
 * @param source the file in {@code opencl/ops} without its ending
 * @param kernel the function in it
 * @param groups work groups, at least 1
 * @param local work items in a group, as the kernel demands
 * @param localWords 4-byte words of local memory for its last argument; 0: no such argument
 * @param stage what this launch does, where an op launches a kernel more than once; at most 4
 */
record OpenClLaunch(
    String source, String kernel, long groups, int local, long localWords, int... stage) {

  /** A kernel named as its source file, with at least {@code items} work items. */
  static OpenClLaunch items(String source, String kernel, long items, int local, int... stage) {
    return new OpenClLaunch(source, kernel, Math.max(1, ceil(items, local)), local, 0, stage);
  }

  static long ceil(long n, long divisor) {
    return (n + divisor - 1) / divisor;
  }
}
