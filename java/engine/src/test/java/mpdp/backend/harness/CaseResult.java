package mpdp.backend.harness;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import mpdp.backend.Backend;
import mpdp.backend.op.FloatProducts;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.Operation;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.tensor.TensorArena;

/**
 * The words of every operand after an op ran.
 *
 * @param operands in the record's order; absent ones left out
 */
public record CaseResult(OpCase opCase, Map<String, Values> operands) {
  /** One operand's words. */
  public record Values(OpEncoding.Access access, int[] words) {}

  /** Runs {@code opCase} once on fresh operands. */
  public static CaseResult of(OpCase opCase, Backend backend) {
    try (TensorArena arena = backend.arena(opCase.toString())) {
      CaseMemory memory = opCase.memory(arena);
      Operation operation = opCase.make().apply(memory);
      backend.run(operation);
      memory.checkGuards(opCase + " on " + backend.name());
      return new CaseResult(opCase, operands(operation));
    }
  }

  /** The oracle's answer. */
  public static CaseResult expected(OpCase opCase) {
    return expected(opCase, FloatProducts.WHOLE);
  }

  /** The oracle's answer for back ends that multiply networks' floats so. */
  public static CaseResult expected(OpCase opCase, FloatProducts products) {
    try (ReferenceBackend reference = new ReferenceBackend(products)) {
      return of(opCase, reference);
    }
  }

  /** Throws unless {@code actual} has the same bits; it names the first word that differs. */
  public void checkSameBits(CaseResult actual) {
    operands.forEach(
        (name, values) -> {
          int at = Arrays.mismatch(values.words(), actual.operands().get(name).words());
          if (at >= 0) {
            throw new AssertionError("%s: word %d of %s differs".formatted(opCase, at, name));
          }
        });
  }

  private static Map<String, Values> operands(Operation operation) {
    Map<String, Values> values = new LinkedHashMap<>();
    for (OpEncoding.Operand operand : OpEncoding.of(operation).operands()) {
      if (operand.buffer() != null && !operand.name().equals("scratch")) {
        values.put(operand.name(), new Values(operand.access(), operand.buffer().ints()));
      }
    }
    return values;
  }
}
