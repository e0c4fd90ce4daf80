package mpdp.backend.cuda;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;
import mpdp.MpdpException;
import mpdp.backend.Program;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.Operation;

/** Ops captured once into a CUDA graph; a run is one launch of it. */
final class CudaProgram implements Program {
  private final CudaBackend backend;
  private final String label;
  private final List<Operation> operations;
  private final CudaArena[] memory;
  private final CudaArena scratch;
  private final Arena parameters = Arena.ofShared();
  private final List<OpCalls> calls = new ArrayList<>();
  private final CUgraphExec graph = new CUgraphExec();
  private boolean closed;

  CudaProgram(CudaBackend backend, String label, List<Operation> operations) {
    this.backend = backend;
    this.label = label;
    this.operations = List.copyOf(operations);
    this.memory = arenas(backend, label, operations);
    this.scratch = new CudaArena(backend, "scratch memory of program " + label);
    try {
      backend.cudaDevice().enter();
      prepare();
      capture();
    } catch (RuntimeException e) {
      release();
      throw e;
    }
  }

  private static CudaArena[] arenas(CudaBackend backend, String label, List<Operation> operations) {
    return operations.stream()
        .flatMap(operation -> OpEncoding.of(operation).operands().stream())
        .filter(operand -> operand.buffer() != null)
        .map(operand -> arena(backend, label, operand))
        .distinct()
        .toArray(CudaArena[]::new);
  }

  private static CudaArena arena(CudaBackend backend, String label, OpEncoding.Operand operand) {
    if (operand.buffer() instanceof CudaBuffer buffer && buffer.arena().backend() == backend) {
      return buffer.arena();
    }
    throw new IllegalArgumentException(
        label + ": operand " + operand.name() + " belongs to another back end");
  }

  /** Encodes every op; all share the scratch of the one that needs most, as they run in order. */
  private void prepare() {
    List<OpLaunch> launches = operations.stream().map(OpLaunches::of).toList();
    long words = launches.stream().mapToLong(OpLaunch::scratchWords).max().orElse(0);
    long address = words == 0 ? 0 : scratch.allocate(words).address();
    for (int i = 0; i < launches.size(); i++) {
      calls.add(
          new OpCalls(operations.get(i), launches.get(i), backend.module(), address, parameters));
    }
  }

  private void capture() {
    CUstream stream = backend.cudaDevice().stream();
    CUgraph captured = new CUgraph();
    JCuda.check(
        JCudaDriver.cuStreamBeginCapture(
            stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
        "recording program " + label);
    OpCalls failed = null;
    int result = 0;
    for (int i = 0; result == 0 && i < calls.size(); i++) {
      result = calls.get(i).launch(stream);
      failed = result == 0 ? null : calls.get(i);
    }
    int ended = JCudaDriver.cuStreamEndCapture(stream, captured);
    if (failed != null) {
      JCuda.check(result, name(failed));
    }
    JCuda.check(ended, "recording program " + label);
    result = JCudaDriver.cuGraphInstantiate(graph, captured, 0);
    JCudaDriver.cuGraphDestroy(captured);
    JCuda.check(result, "making a graph of program " + label);
  }

  private String name(OpCalls call) {
    return "op %s of program %s".formatted(call.operation().op().id(), label);
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public List<Operation> operations() {
    return operations;
  }

  /** Submits the ops; does not wait for them. */
  @Override
  public void run() {
    if (closed) {
      throw new IllegalStateException("program " + label + " is closed");
    }
    for (CudaArena arena : memory) {
      if (arena.closed()) {
        throw new IllegalStateException("program " + label + " uses memory of a closed arena");
      }
    }
    CudaDevice device = backend.cudaDevice();
    device.enter();
    if (backend.debug()) {
      runEach(device);
      return;
    }
    int result = JCudaDriver.cuGraphLaunch(graph, device.stream());
    if (result != 0) {
      runEach(device); // throws, naming the op, unless only the graph is at fault
      throw new MpdpException(
          "program %s failed as a graph, but not op by op: %s"
              .formatted(label, JCuda.error(result)));
    }
    backend.submitted(label);
  }

  /** Runs and waits for one op after the other. */
  private void runEach(CudaDevice device) {
    JCuda.check(device.waitForWork(), "work before program " + label + backend.suspect());
    for (OpCalls call : calls) {
      int result = call.launch(device.stream());
      JCuda.check(result == 0 ? device.waitForWork() : result, name(call));
    }
  }

  @Override
  public void close() {
    if (!closed) {
      backend.cudaDevice().enter();
      JCudaDriver.cuGraphExecDestroy(graph);
      release();
    }
  }

  private void release() {
    closed = true;
    scratch.close();
    parameters.close();
  }
}
