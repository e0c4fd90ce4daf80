package mpdp.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import mpdp.MpdpException;
import mpdp.backend.Program;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.Operation;
import mpdp.tensor.HostBuffer;

/** Ops encoded once as native calls; a run is one downcall. */
final class CpuProgram implements Program {
  private final CpuBackend backend;
  private final String label;
  private final List<Operation> operations;
  private final MemorySegment.Scope[] memory;
  private final Arena arena = Arena.ofShared();
  private final long calls;
  private boolean closed;

  CpuProgram(CpuBackend backend, String label, List<Operation> operations) {
    this.backend = backend;
    this.label = label;
    this.operations = List.copyOf(operations);
    this.memory = scopes(label, operations);
    this.calls = NativeCalls.encode(operations, arena).address();
  }

  private static MemorySegment.Scope[] scopes(String label, List<Operation> operations) {
    return operations.stream()
        .flatMap(operation -> OpEncoding.of(operation).operands().stream())
        .filter(operand -> operand.buffer() != null)
        .map(operand -> scope(label, operand))
        .distinct()
        .toArray(MemorySegment.Scope[]::new);
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
    if (closed) {
      throw new IllegalStateException("program " + label + " is closed");
    }
    for (MemorySegment.Scope scope : memory) {
      if (!scope.isAlive()) {
        throw new IllegalStateException("program " + label + " uses memory of a closed arena");
      }
    }
    long missing = NativeCalls.run(backend.engine(), calls, operations.size());
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
