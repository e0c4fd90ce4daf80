package mpdp.backend.cuda;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUDA_KERNEL_NODE_PARAMS;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphNode;
import jcuda.driver.JCudaDriver;

/** One op of a program, or a chain of them, ready to be launched. */
final class OpCalls {
  private final String name;
  private final List<Call> calls = new ArrayList<>();

  /** One launch: now, or as a node of a graph. */
  private interface Call {
    /** The result code. */
    int launch(DeviceStream stream);

    CUgraphNode add(CUgraph graph, CUgraphNode[] before);
  }

  /**
   * Finds the kernels and encodes what they are launched with.
   *
   * @param name of the ops and their program, for messages
   * @param scratch device address, or 0
   * @param arena owns the parameters
   */
  OpCalls(String name, Step step, CudaBackend backend, long scratch, Arena arena) {
    this.name = name;
    for (Launch launch : step.launch().launches()) {
      calls.add(
          switch (launch) {
            case KernelLaunch kernel ->
                new KernelCall(
                    kernel,
                    backend.module().function(kernel),
                    CallEncoding.parameters(step, kernel.part(), scratch, arena));
            case MatrixProduct product -> new ProductCall(product, backend.cublas(), scratch);
          });
    }
  }

  /** As in "op adam of program update". */
  String name() {
    return name;
  }

  /** Does all launches; the result code. */
  int launch(DeviceStream stream) {
    for (Call call : calls) {
      int result = call.launch(stream);
      if (result != 0) {
        return result;
      }
    }
    return 0;
  }

  /** How many launches there are. */
  int launches() {
    return calls.size();
  }

  /** Adds launch {@code i} to {@code graph}, to run after {@code before}. */
  CUgraphNode add(int i, CUgraph graph, CUgraphNode[] before) {
    return calls.get(i).add(graph, before);
  }

  private final class KernelCall implements Call {
    private final KernelLaunch launch;
    private final CUfunction function;
    private final Pointer parameters;

    KernelCall(KernelLaunch launch, CUfunction function, Pointer parameters) {
      this.launch = launch;
      this.function = function;
      this.parameters = parameters;
    }

    @Override
    public int launch(DeviceStream stream) {
      return JCudaDriver.cuLaunchKernel(
          function,
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
    }

    @Override
    public CUgraphNode add(CUgraph graph, CUgraphNode[] before) {
      CUDA_KERNEL_NODE_PARAMS wanted = new CUDA_KERNEL_NODE_PARAMS();
      wanted.func = function;
      wanted.gridDimX = launch.gridX();
      wanted.gridDimY = launch.gridY();
      wanted.gridDimZ = launch.gridZ();
      wanted.blockDimX = launch.threads();
      wanted.blockDimY = 1;
      wanted.blockDimZ = 1;
      wanted.sharedMemBytes = launch.sharedBytes();
      wanted.kernelParams = parameters;
      CUgraphNode node = new CUgraphNode();
      JCuda.check(
          JCudaDriver.cuGraphAddKernelNode(node, graph, before, before.length, wanted), name);
      return node;
    }
  }

  private final class ProductCall implements Call {
    private final MatrixProduct product;
    private final Cublas cublas;
    private final long scratch;

    ProductCall(MatrixProduct product, Cublas cublas, long scratch) {
      this.product = product;
      this.cublas = cublas;
      this.scratch = scratch;
    }

    @Override
    public int launch(DeviceStream stream) {
      cublas.multiply(name, product, scratch, stream);
      return 0;
    }

    @Override
    public CUgraphNode add(CUgraph graph, CUgraphNode[] before) {
      return cublas.add(name, product, scratch, graph, before);
    }
  }
}
