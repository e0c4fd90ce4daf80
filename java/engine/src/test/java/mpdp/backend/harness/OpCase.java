package mpdp.backend.harness;

import java.util.function.Function;
import mpdp.backend.op.Op;
import mpdp.backend.op.Operation;
import mpdp.tensor.TensorArena;

/**
 * One op on one set of sizes, flags and operands.
 *
 * @param name says what differs from the op's other cases
 * @param real sizes as training uses them: what the speed report runs
 * @param terms K, the longest sum behind an output: sets the tolerance
 * @param make the operation on fresh operands; the same operands for the same memory seed
 */
public record OpCase(
    Op op, String name, boolean real, double terms, Function<CaseMemory, Operation> make) {

  static OpCase of(Op op, String name, double terms, Function<CaseMemory, Operation> make) {
    return new OpCase(op, name, false, terms, make);
  }

  OpCase asReal() {
    return new OpCase(op, name, true, terms, make);
  }

  /** Operands for this case in {@code arena}, from the seed that all cases share. */
  public CaseMemory memory(TensorArena arena) {
    return new CaseMemory(arena, CaseMemory.SEED * 31 + toString().hashCode());
  }

  @Override
  public String toString() {
    return op.id() + " " + name;
  }
}
