package mpdp.backend.op;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToLongFunction;
import mpdp.tensor.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * An operation as native code receives it: buffers, integers and numbers, each in the order of the
 * record's components. Made once, when a program is recorded. {@link OperandNames} has the same
 * places by name.
 *
 * @param operands every buffer operand, absent ones included
 * @param integers int, long, boolean (0 or 1) and enum (ordinal) components; an {@link MlpShape}
 *     has the place of its own components
 * @param numbers float components
 */
public record OpEncoding(List<Operand> operands, long[] integers, double[] numbers) {
  /** Buffers that a native call has room for, and an op at most. */
  public static final int BUFFERS = 16;

  /** Integers of a native call. The last one is the back end's: an op has one less at most. */
  public static final int INTEGERS = 16;

  /** Numbers of a native call, and of an op at most. */
  public static final int NUMBERS = 8;

  /** How an op touches an operand. */
  public enum Access {
    IN,
    OUT,
    INOUT
  }

  /** One buffer operand: its name in the record, access and buffer (null: absent). */
  public record Operand(String name, Access access, @Nullable Buffer buffer) {}

  /**
   * Encodes {@code operation}.
   *
   * @throws IllegalStateException if its record has more than a native call has room for
   */
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
    if (operands.size() > BUFFERS || integers.size() >= INTEGERS || numbers.size() > NUMBERS) {
      throw new IllegalStateException(
          "%s has %d buffers, %d integers and %d numbers; a native call has room for %d, %d and %d"
              .formatted(
                  operation.op().id(),
                  operands.size(),
                  integers.size(),
                  numbers.size(),
                  BUFFERS,
                  INTEGERS - 1,
                  NUMBERS));
    }
    return new OpEncoding(
        Collections.unmodifiableList(operands),
        integers.stream().mapToLong(Long::longValue).toArray(),
        numbers.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Bytes that {@link #write} writes. */
  public static long bytes(ValueLayout number) {
    return (long) (BUFFERS + INTEGERS) * Long.BYTES + NUMBERS * number.byteSize();
  }

  /**
   * Writes the operands as the struct {@code Call} of every back end has them: 64 bits for each of
   * {@value #BUFFERS} buffers and {@value #INTEGERS} integers, then {@value #NUMBERS} numbers. What
   * the op does not have is written as an absent buffer or 0.
   *
   * @param call where the buffers begin
   * @param place what kernels find a buffer by; of null, what says that it is absent
   * @param number a float or a double
   */
  public void write(
      MemorySegment call, ToLongFunction<@Nullable Buffer> place, ValueLayout number) {
    long at = 0;
    for (int i = 0; i < BUFFERS; i++, at += Long.BYTES) {
      Buffer buffer = i < operands.size() ? operands.get(i).buffer() : null;
      call.set(JAVA_LONG, at, place.applyAsLong(buffer));
    }
    for (int i = 0; i < INTEGERS; i++, at += Long.BYTES) {
      call.set(JAVA_LONG, at, i < integers.length ? integers[i] : 0);
    }
    for (int i = 0; i < NUMBERS; i++, at += number.byteSize()) {
      double value = i < numbers.length ? numbers[i] : 0;
      switch (number) {
        case ValueLayout.OfFloat layout -> call.set(layout, at, (float) value);
        case ValueLayout.OfDouble layout -> call.set(layout, at, value);
        default -> throw new IllegalArgumentException("kernels take no numbers as " + number);
      }
    }
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
      case MlpShape shape -> {
        for (RecordComponent component : MlpShape.class.getRecordComponents()) {
          addIntegers(integers, value(shape, component));
        }
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

  private static @Nullable Object value(Object record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }
}
