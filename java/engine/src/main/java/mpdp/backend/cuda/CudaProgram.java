package mpdp.backend.cuda;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import mpdp.MpdpException;
import mpdp.backend.Program;
import mpdp.backend.ProgramGuard;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.Operation;
import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Ops made once into a CUDA graph; a run is one launch of it. Ops on the same rows share kernels.
 */
final class CudaProgram implements Program {
  private final CudaBackend backend;
  private final String label;
  private final List<Operation> operations;
  private final ProgramGuard guard;
  private final CudaArena scratch;
  private final Arena parameters = Arena.ofShared();
  private final List<OpCalls> calls = new ArrayList<>();
  private final CudaGraph graph;
  private boolean closed;

  /**
   * Makes the graph.
   *
   * @param mostScratch words of scratch past which ops share them ({@link DeviceScratch})
   */
  CudaProgram(CudaBackend backend, String label, List<Operation> operations, long mostScratch) {
    this.backend = backend;
    this.label = label;
    this.operations = List.copyOf(operations);
    this.guard = new ProgramGuard(label, arenas(backend, label, operations));
    this.scratch = new CudaArena(backend, "scratch memory of program " + label);
    try {
      backend.cudaDevice().enter();
      graph = prepare(mostScratch);
    } catch (RuntimeException e) {
      release();
      throw e;
    }
  }

  /** Whether each arena of the operands is open. */
  private static List<BooleanSupplier> arenas(
      CudaBackend backend, String label, List<Operation> operations) {
    return operations.stream()
        .flatMap(operation -> OpEncoding.of(operation).operands().stream())
        .filter(operand -> operand.buffer() != null)
        .map(operand -> arena(backend, label, operand))
        .distinct()
        .<BooleanSupplier>map(arena -> () -> !arena.closed())
        .toList();
  }

  private static CudaArena arena(CudaBackend backend, String label, OpEncoding.Operand operand) {
    if (operand.buffer() instanceof CudaBuffer buffer && buffer.arena().backend() == backend) {
      return buffer.arena();
    }
    throw new IllegalArgumentException(
        label + ": operand " + operand.name() + " belongs to another back end");
  }

  /** Encodes every op and chain of ops, and orders the kernels that share memory. */
  private CudaGraph prepare(long mostScratch) {
    CudaLimits limits = backend.cudaDevice().limits();
    List<Step> steps = RowChains.of(operations, limits, backend.shortestChain());
    List<@Nullable Buffer> scratches =
        DeviceScratch.of(steps.stream().map(Step::launch).toList(), scratch, mostScratch);
    List<List<MemoryRange>> touched = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      Buffer own = scratches.get(i);
      for (Launch launch : step.launch().launches()) {
        List<MemoryRange> ranges = new ArrayList<>();
        step.operations().forEach(op -> ranges.addAll(MemoryRange.of(op, launch)));
        if (own != null) {
          ranges.add(MemoryRange.of(own, true));
        }
        touched.add(ranges);
      }
      calls.add(
          new OpCalls(
              "%s of program %s".formatted(step.name(), label),
              step,
              backend,
              own == null ? 0 : own.address(),
              parameters));
    }
    return new CudaGraph(label, calls, Dependencies.of(touched));
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public List<Operation> operations() {
    return operations;
  }

  @Override
  public int launches() {
    return calls.stream().mapToInt(OpCalls::launches).sum();
  }

  /** Submits the ops; does not wait for them. */
  @Override
  public void run() {
    guard.check(closed);
    CudaDevice device = backend.cudaDevice();
    device.enter();
    if (backend.debug()) {
      runEach(device);
      return;
    }
    long start = System.nanoTime();
    int result = graph.launch(device.stream());
    backend.busy().since(start);
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
    long start = System.nanoTime();
    JCuda.check(device.waitForWork(), "work before program " + label + backend.suspect());
    for (OpCalls call : calls) {
      int result = call.launch(device.stream());
      JCuda.check(result == 0 ? device.waitForWork() : result, call.name());
    }
    backend.busy().since(start);
  }

  @Override
  public void close() {
    if (!closed) {
      backend.cudaDevice().enter();
      graph.close();
      release();
    }
  }

  private void release() {
    closed = true;
    scratch.close();
    parameters.close();
  }
}
