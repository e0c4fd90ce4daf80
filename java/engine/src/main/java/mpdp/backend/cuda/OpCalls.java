package mpdp.backend.cuda;

import java.lang.foreign.Arena;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import mpdp.backend.op.Operation;

/** One op of a program, ready to be launched. */
final class OpCalls {
  private final Operation operation;
  private final List<KernelLaunch> launches;
  private final CUfunction[] functions;
  private final Pointer parameters;

  OpCalls(Operation operation, OpLaunch launch, CudaModule module, long scratch, Arena arena) {
    this.operation = operation;
    this.launches = launch.kernels();
    this.functions = launches.stream().map(module::function).toArray(CUfunction[]::new);
    this.parameters = CallEncoding.parameters(operation, scratch, arena);
  }

  Operation operation() {
    return operation;
  }

  /** Launches the kernels, or adds them to the graph that {@code stream} captures. */
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
}
