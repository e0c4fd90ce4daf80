package mpdp.backend.cuda;

import java.util.Arrays;
import java.util.List;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUgraphNode;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** Ops as a CUDA graph: each is a chain of kernels that starts when the ops it waits for end. */
final class CudaGraph implements AutoCloseable {
  private final CUgraphExec executable = new CUgraphExec();

  /**
   * Makes the graph.
   *
   * @param order for each op the earlier ones that it waits for, from {@link OpOrder}
   */
  CudaGraph(String label, List<OpCalls> calls, List<int[]> order) {
    CUgraph graph = new CUgraph();
    JCuda.check(JCudaDriver.cuGraphCreate(graph, 0), "recording program " + label);
    try {
      CUgraphNode[] ends = new CUgraphNode[calls.size()];
      for (int i = 0; i < ends.length; i++) {
        CUgraphNode[] waitsFor =
            Arrays.stream(order.get(i)).mapToObj(j -> ends[j]).toArray(CUgraphNode[]::new);
        ends[i] = calls.get(i).add(graph, waitsFor);
      }
      JCuda.check(
          JCudaDriver.cuGraphInstantiate(executable, graph, 0),
          "making a graph of program " + label);
    } finally {
      JCudaDriver.cuGraphDestroy(graph);
    }
  }

  /** Submits one run of all ops; the result code. */
  int launch(CUstream stream) {
    return JCudaDriver.cuGraphLaunch(executable, stream);
  }

  @Override
  public void close() {
    JCudaDriver.cuGraphExecDestroy(executable);
  }
}
