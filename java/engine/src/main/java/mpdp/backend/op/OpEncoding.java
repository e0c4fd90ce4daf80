package mpdp.backend.op;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * An operation as native code receives it: buffers, integers and numbers, each in the order of the
 * record's components. Made once, when a program is recorded.
 *
 * @param operands every buffer operand, absent ones included
 * @param integers int, long, boolean (0 or 1), enum (ordinal) and {@link MlpShape} (members,
 *     inputs, width, layers, outputs, activation, norm) components
 * @param numbers float components
 */
public record OpEncoding(List<Operand> operands, long[] integers, double[] numbers) {
  /** How an op touches an operand. */
  public enum Access {
    IN,
    OUT,
    INOUT
  }

  /** One buffer operand: its name in the record, access and buffer (null: absent). */
  public record Operand(String name, Access access, @Nullable Buffer buffer) {}

  /** Encodes {@code operation}. */
  public static OpEncoding of(Operation operation) {
    List<Operand> operands = new ArrayList<>();
    List<Long> integers = new ArrayList<>();
    List<Double> numbers = new ArrayList<>();
    for (RecordComponent component : operation.getClass().getRecordComponents()) {
      Object value = value(operation, component);
      if (component.getType() == Buffer.class) {
        operands.add(new Operand(component.getName(), access(component), (Buffer) value));
      } else if (value instanceof Float number) {
        numbers.add((double) number);
      } else {
        addIntegers(integers, value);
      }
    }
    return new OpEncoding(
        Collections.unmodifiableList(operands),
        integers.stream().mapToLong(Long::longValue).toArray(),
        numbers.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Bytes of all operands, updated ones counted twice. */
  public double operandBytes() {
    double bytes = 0;
    for (Operand operand : operands) {
      if (operand.buffer() != null) {
        bytes += (operand.access() == Access.INOUT ? 8.0 : 4.0) * operand.buffer().words();
      }
    }
    return bytes;
  }

  private static void addIntegers(List<Long> integers, @Nullable Object value) {
    switch (value) {
      case Integer i -> integers.add((long) i);
      case Long l -> integers.add(l);
      case Boolean b -> integers.add(b ? 1L : 0L);
      case Enum<?> e -> integers.add((long) e.ordinal());
      case MlpShape s -> {
        for (int i : new int[] {s.members(), s.inputs(), s.width(), s.layers(), s.outputs()}) {
          integers.add((long) i);
        }
        integers.add((long) s.activation().ordinal());
        integers.add(s.norm() ? 1L : 0L);
      }
      case null, default -> throw new IllegalStateException("an op cannot encode " + value);
    }
  }

  private static Access access(RecordComponent component) {
    if (component.isAnnotationPresent(In.class)) {
      return Access.IN;
    }
    return component.isAnnotationPresent(Out.class) ? Access.OUT : Access.INOUT;
  }

  private static @Nullable Object value(Operation operation, RecordComponent component) {
    try {
      return component.getAccessor().invoke(operation);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }
}
