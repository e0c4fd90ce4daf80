package mpdp.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.harness.CaseResult;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.backend.harness.Parity;
import mpdp.backend.op.Operation;
import mpdp.benchmark.harness.ProgramBenchmark;
import mpdp.benchmark.harness.Subject;
import mpdp.tensor.TensorArena;
import org.openjdk.jmh.annotations.Param;

/**
 * One op on sizes of training: the real cases of the engine's tests, by name. Unit: runs of the op.
 */
public class OpStep extends ProgramBenchmark {
  /** The parameter that names a case; its values are {@link #cases}. */
  public static final String CASE = "operation";

  /** The case. */
  @Param("mlp_forward")
  public String operation = cases().getFirst();

  /** Names of all cases with the sizes of training: op and what differs. */
  public static List<String> cases() {
    return OpCases.all().stream().filter(OpCase::real).map(OpCase::toString).toList();
  }

  /** What a case's op is called, in small letters: in files, and its record. */
  public static Stream<String> names(String operation) {
    OpCase found = find(operation);
    String type = found.op().operation().getSimpleName();
    return Stream.of(found.op().id(), type.toLowerCase(Locale.ROOT));
  }

  private static OpCase find(String operation) {
    return OpCases.all().stream()
        .filter(candidate -> candidate.toString().equals(operation))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no case is called " + operation));
  }

  @Override
  protected Subject subject(Backend backend) {
    TensorArena arena = backend.arena(operation);
    OpCase opCase = find(operation);
    Operation step = opCase.make().apply(opCase.memory(arena));
    return new Single(backend.record(operation, recorder -> recorder.add(step)), arena);
  }

  private record Single(Program program, TensorArena arena) implements Subject {
    @Override
    public void close() {
      program.close();
      arena.close();
    }
  }

  /** By the tolerance of the engine's tests, on operands of its own. */
  @Override
  protected void verify(Subject actual, Backend backend) {
    OpCase opCase = find(operation);
    try {
      CaseResult expected = CaseResult.expected(opCase, backend.floatProducts());
      Parity.check(expected, CaseResult.of(opCase, backend), backend.name());
    } catch (AssertionError e) {
      throw new AssertionError("wrong answer: " + e.getMessage(), e);
    }
  }

  /** Nothing to add: words of rows that are absent stay poisoned. */
  @Override
  protected void verifyLast(Program last) {}
}
