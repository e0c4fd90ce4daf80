package mpdp.backend.cuda;

import java.lang.foreign.Arena;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUDA_KERNEL_NODE_PARAMS;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphNode;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** One op of a program, or a chain of them, ready to be launched. */
final class OpCalls {
  private final String name;
  private final List<KernelLaunch> launches;
  private final CUfunction[] functions;
  private final Pointer parameters;

  /**
   * Finds the kernels and encodes what they are launched with.
   *
   * @param name of the ops and their program, for messages
   * @param scratch device address, or 0
   * @param arena owns the parameters
   */
  OpCalls(String name, Step step, CudaModule module, long scratch, Arena arena) {
    this.name = name;
    this.launches = step.launch().kernels();
    this.functions = launches.stream().map(module::function).toArray(CUfunction[]::new);
    this.parameters = CallEncoding.parameters(step, scratch, arena);
  }

  /** As in "op adam of program update". */
  String name() {
    return name;
  }

  /** Launches the kernels; the result code. */
  int launch(CUstream stream) {
    for (int i = 0; i < functions.length; i++) {
      KernelLaunch launch = launches.get(i);
      int result =
          JCudaDriver.cuLaunchKernel(
              functions[i],
              launch.gridX(),
              launch.gridY(),
              launch.gridZ(),
              launch.threads(),
              1,
              1,
              launch.sharedBytes(),
              stream,
              parameters,
              null);
      if (result != 0) {
        return result;
      }
    }
    return 0;
  }

  /** How many kernels there are. */
  int kernels() {
    return functions.length;
  }

  /** Adds kernel {@code i} to {@code graph}, to run after {@code before}. */
  CUgraphNode add(int i, CUgraph graph, CUgraphNode[] before) {
    CUgraphNode node = new CUgraphNode();
    JCuda.check(
        JCudaDriver.cuGraphAddKernelNode(
            node, graph, before, before.length, node(functions[i], launches.get(i))),
        name);
    return node;
  }

  private CUDA_KERNEL_NODE_PARAMS node(CUfunction function, KernelLaunch launch) {
    CUDA_KERNEL_NODE_PARAMS node = new CUDA_KERNEL_NODE_PARAMS();
    node.func = function;
    node.gridDimX = launch.gridX();
    node.gridDimY = launch.gridY();
    node.gridDimZ = launch.gridZ();
    node.blockDimX = launch.threads();
    node.blockDimY = 1;
    node.blockDimZ = 1;
    node.sharedMemBytes = launch.sharedBytes();
    node.kernelParams = parameters;
    return node;
  }
}
