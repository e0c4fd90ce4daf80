package mpdp.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.OpEncoding.Access;
import mpdp.backend.op.OpEncoding.Operand;
import mpdp.backend.op.Operation;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A row of an operand that is bound to rows reaches no other row of one. */
class RowAccessTest {
  static Stream<OpCase> cases() {
    return OpCases.all().stream().filter(c -> ChainOp.of(c.op()) != null && !c.real());
  }

  @Test
  void everyKindHasCases() {
    Set<ChainOp> kinds = EnumSet.noneOf(ChainOp.class);
    cases().forEach(opCase -> kinds.add(ChainOp.of(opCase.op())));
    assertThat(kinds).containsExactlyInAnyOrder(ChainOp.values());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rowsAreKeptApart(OpCase opCase) {
    List<int[]> before = run(opCase, -1, 0, 0);
    Operation operation = operation(opCase);
    RowAccess access = RowAccess.of(operation);
    if (access == null || access.rows() < 2) {
      return;
    }
    List<Operand> operands = OpEncoding.of(operation).operands();
    int from = access.rows() / 2;
    for (int changed = 0; changed < operands.size(); changed++) {
      if (bound(operands.get(changed), access) && operands.get(changed).access() != Access.OUT) {
        List<int[]> after = run(opCase, changed, from, from - 1);
        for (int i = 0; i < operands.size(); i++) {
          if (bound(operands.get(i), access)) {
            checkOtherRows(operands.get(i).name(), access, before.get(i), after.get(i), from);
          }
        }
      }
    }
  }

  private static boolean bound(Operand operand, RowAccess access) {
    return operand.buffer() != null && access.layout(operand.name()) != null;
  }

  private static void checkOtherRows(
      String name, RowAccess access, int[] before, int[] after, int row) {
    RowAccess.Layout layout = access.layout(name);
    for (int lead = 0; lead < layout.leading(); lead++) {
      for (int r = 0; r < access.rows(); r++) {
        int begin = (lead * access.rows() + r) * layout.width();
        int end = begin + layout.width();
        if (r != row) {
          assertThat(Arrays.compare(before, begin, end, after, begin, end))
              .as("row %d of %s", r, name)
              .isZero();
        }
      }
    }
  }

  private static Operation operation(OpCase opCase) {
    try (ReferenceBackend backend = new ReferenceBackend();
        TensorArena arena = backend.arena("case")) {
      return opCase.make().apply(opCase.memory(arena));
    }
  }

  /**
   * The operands after a run in which row {@code to} of one was overwritten with row {@code from}.
   */
  private static List<int[]> run(OpCase opCase, int changed, int to, int from) {
    try (ReferenceBackend backend = new ReferenceBackend();
        TensorArena arena = backend.arena("case")) {
      Operation operation = opCase.make().apply(opCase.memory(arena));
      List<Operand> operands = OpEncoding.of(operation).operands();
      if (changed >= 0) {
        move(RowAccess.of(operation), operands.get(changed), to, from);
      }
      backend.run(operation);
      List<int[]> results = new ArrayList<>();
      for (Operand operand : operands) {
        results.add(operand.buffer() == null ? new int[0] : operand.buffer().ints());
      }
      return results;
    }
  }

  private static void move(RowAccess access, Operand operand, int to, int from) {
    RowAccess.Layout layout = access.layout(operand.name());
    int[] words = operand.buffer().ints();
    for (int lead = 0; lead < layout.leading(); lead++) {
      int first = lead * access.rows();
      System.arraycopy(
          words,
          (first + from) * layout.width(),
          words,
          (first + to) * layout.width(),
          layout.width());
    }
    operand.buffer().write(words);
  }
}
