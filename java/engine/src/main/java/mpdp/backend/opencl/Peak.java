package mpdp.backend.opencl;

import static org.jocl.CL.clEnqueueNDRangeKernel;
import static org.jocl.CL.clFinish;
import static org.jocl.CL.clReleaseKernel;
import static org.jocl.CL.clSetKernelArg;

import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_kernel;

/** The rate of multiply-adds on registers: {@code opencl/probe/multiply_add.cl}. */
final class Peak {
  private static final int FLOPS = 192; // of an item in a round, as in the kernel
  private static final int CPU_ROUNDS =
      60_000; // about 1 ms: longer than a launch, often undisturbed
  private static final int GPU_ROUNDS = 2_000;
  private static final int GPU_GROUPS = 8; // for each compute unit, so that none is idle
  private static final int SAMPLES = 60;

  private Peak() {}

  /** Flops per second of {@code units} compute units, of the best of several runs. */
  static double measure(OpenClQueue queue, Kernels kernels, OpenClDevice.Type type, int units) {
    boolean cpu = type == OpenClDevice.Type.CPU;
    long[] local = {cpu ? 1 : OpenClDevice.GROUP_SIZE};
    long[] global = {units * (cpu ? 1 : GPU_GROUPS) * local[0]};
    int rounds = cpu ? CPU_ROUNDS : GPU_ROUNDS;
    cl_kernel kernel = kernels.create("probe/multiply_add", "multiply_add");
    try (OpenClMemory result = new OpenClMemory(queue, "the peak's result", 1)) {
      clSetKernelArg(kernel, 0, Sizeof.cl_mem, Pointer.to(result.handle()));
      clSetKernelArg(kernel, 1, Sizeof.cl_int, Pointer.to(new int[] {rounds}));
      long best = Long.MAX_VALUE;
      for (int sample = 0; sample < SAMPLES; sample++) {
        long start = System.nanoTime();
        clEnqueueNDRangeKernel(queue.handle(), kernel, 1, null, global, local, 0, null, null);
        clFinish(queue.handle());
        best = Math.min(best, System.nanoTime() - start);
      }
      return 1e9 * FLOPS * rounds * global[0] / best;
    } finally {
      clReleaseKernel(kernel);
    }
  }
}
