package mpdp.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.BooleanSupplier;
import mpdp.MpdpException;
import mpdp.backend.Program;
import mpdp.backend.ProgramGuard;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.Operation;
import mpdp.tensor.HostBuffer;

/** Ops encoded once as native calls; a run is one downcall. */
final class CpuProgram implements Program {
  private final CpuBackend backend;
  private final String label;
  private final List<Operation> operations;
  private final ProgramGuard guard;
  private final Arena arena = Arena.ofShared();
  private final long calls;
  private boolean closed;

  CpuProgram(CpuBackend backend, String label, List<Operation> operations) {
    this.backend = backend;
    this.label = label;
    this.operations = List.copyOf(operations);
    this.guard = new ProgramGuard(label, scopes(label, operations));
    this.calls = NativeCalls.encode(operations, arena).address();
  }

  /** Whether each scope of the operands is open. */
  private static List<BooleanSupplier> scopes(String label, List<Operation> operations) {
    return operations.stream()
        .flatMap(operation -> OpEncoding.of(operation).operands().stream())
        .filter(operand -> operand.buffer() != null)
        .map(operand -> scope(label, operand))
        .distinct()
        .<BooleanSupplier>map(scope -> scope::isAlive)
        .toList();
  }

  private static MemorySegment.Scope scope(String label, OpEncoding.Operand operand) {
    if (operand.buffer() instanceof HostBuffer buffer) {
      return buffer.segment().scope();
    }
    throw new IllegalArgumentException(
        label + ": operand " + operand.name() + " belongs to another back end");
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
  public void run() {
    guard.check(closed);
    long start = System.nanoTime();
    long missing = NativeCalls.run(backend.engine(), calls, operations.size());
    backend.busy().since(start);
    if (missing != 0) {
      throw new MpdpException(
          "out of memory: program %s could not get %d MiB of scratch memory; free some, or lower its batch or network sizes"
              .formatted(label, (missing >> 20) + 1));
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      arena.close();
    }
  }
}
