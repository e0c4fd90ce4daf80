package mpdp.backend.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUgraphNode;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** The launches of ops as a CUDA graph: each starts when those that it waits for have ended. */
final class CudaGraph implements AutoCloseable {
  private final CUgraphExec executable = new CUgraphExec();

  /**
   * Makes the graph.
   *
   * @param order for each launch the earlier ones that it waits for, from {@link Dependencies}
   */
  CudaGraph(String label, List<OpCalls> calls, List<int[]> order) {
    CUgraph graph = new CUgraph();
    JCuda.check(JCudaDriver.cuGraphCreate(graph, 0), "recording program " + label);
    try {
      List<CUgraphNode> nodes = new ArrayList<>();
      for (OpCalls call : calls) {
        for (int i = 0; i < call.launches(); i++) {
          CUgraphNode[] before =
              Arrays.stream(order.get(nodes.size()))
                  .mapToObj(nodes::get)
                  .toArray(CUgraphNode[]::new);
          nodes.add(call.add(i, graph, before));
        }
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
