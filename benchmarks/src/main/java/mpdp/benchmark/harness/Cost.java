package mpdp.benchmark.harness;

import java.lang.reflect.RecordComponent;
import mpdp.backend.Program;
import mpdp.backend.op.Operation;
import mpdp.tensor.Buffer;

/**
 * What one run of a program takes, from the op table.
 *
 * @param flops of the rows that were present in the last run
 * @param bytes moved at least: each operand of each op once
 * @param launches kernels or, on the cpu back end, ops, each of which ends at a barrier
 */
public record Cost(double flops, double bytes, int launches) {

  /** Sums over the ops of a program that has run. */
  public static Cost of(Program program) {
    double flops = 0;
    double bytes = 0;
    for (Operation operation : program.operations()) {
      flops += operation.flops() * present(operation);
      bytes += operation.bytes();
    }
    return new Cost(flops, bytes, program.launches());
  }

  /** The share of an op's rows that existed in the last run; routed rows end at the last offset. */
  static double present(Operation operation) {
    if (component(operation, "offsets") instanceof Buffer offsets
        && component(operation, "memberCount") instanceof Integer members
        && component(operation, "rows") instanceof Integer rows) {
      return (double) offsets.getInt(members) / rows;
    }
    return component(operation, "count") instanceof Buffer count
            && component(operation, "rows") instanceof Integer rows
        ? (double) Math.clamp(count.getInt(0), 0, rows) / rows
        : 1;
  }

  private static Object component(Operation operation, String name) {
    for (RecordComponent component : operation.getClass().getRecordComponents()) {
      if (component.getName().equals(name)) {
        try {
          Object value = component.getAccessor().invoke(operation);
          return value == null ? name : value;
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException("cannot read " + component, e);
        }
      }
    }
    return name;
  }
}
