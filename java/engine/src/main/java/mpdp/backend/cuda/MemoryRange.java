package mpdp.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.OpEncoding.Access;
import mpdp.backend.op.Operation;
import mpdp.tensor.Buffer;

/**
 * Memory that a kernel touches: the bytes {@code [from, to)} of device addresses. Buffers may be
 * views of each other, so addresses count, not objects.
 */
record MemoryRange(long from, long to, boolean written) {
  /** Of an operand that is there. */
  static MemoryRange of(OpEncoding.Operand operand) {
    return of(Objects.requireNonNull(operand.buffer()), operand.access() != Access.IN);
  }

  static MemoryRange of(Buffer buffer, boolean written) {
    long from = buffer.address();
    return new MemoryRange(from, from + buffer.words() * Float.BYTES, written);
  }

  /**
   * What {@code launch} touches of the operands of {@code operation}.
   *
   * @throws IllegalStateException if it leaves alone what the op does not have
   */
  static List<MemoryRange> of(Operation operation, Launch launch) {
    List<OpEncoding.Operand> operands = OpEncoding.of(operation).operands();
    for (String name : launch.untouched()) {
      if (operands.stream().noneMatch(operand -> operand.name().equals(name))) {
        throw new IllegalStateException(
            "%s leaves operand %s alone, which %s does not have"
                .formatted(launch.kernel(), name, operation.op().id()));
      }
    }
    List<MemoryRange> touched = new ArrayList<>();
    for (OpEncoding.Operand operand : operands) {
      if (operand.buffer() != null && !launch.untouched().contains(operand.name())) {
        touched.add(of(operand));
      }
    }
    return touched;
  }

  /** Whether what touches one must wait for what touches the other. */
  boolean conflicts(MemoryRange other) {
    return (written || other.written) && from < other.to && other.from < to;
  }
}
