package mpdp.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import mpdp.backend.harness.CaseResult;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.backend.op.Op;
import mpdp.backend.op.Operation;
import mpdp.tensor.Buffer;
import mpdp.tensor.HostArena;
import org.junit.jupiter.api.Test;

/** Every op has cases, runs, and refuses operands that are too small. */
class OpSupportTest {
  /** The ring's size is known only at run time. */
  private static final Set<String> UNCHECKED = Set.of("columns");

  @Test
  void everyOpHasACaseAndARealOne() {
    Set<Op> covered = EnumSet.noneOf(Op.class);
    Set<Op> real = EnumSet.noneOf(Op.class);
    for (OpCase opCase : OpCases.all()) {
      covered.add(opCase.op());
      if (opCase.real()) {
        real.add(opCase.op());
      }
    }
    assertThat(covered).containsExactlyInAnyOrder(Op.values());
    assertThat(real).containsExactlyInAnyOrder(Op.values());
  }

  @Test
  void caseNamesAreUniqueSinceTheySeedTheOperands() {
    assertThat(OpCases.all().stream().map(OpCase::toString)).doesNotHaveDuplicates();
  }

  @Test
  void theReferenceGivesTheSameBitsAgain() {
    for (OpCase opCase : small()) {
      CaseResult first = CaseResult.expected(opCase);
      CaseResult second = CaseResult.expected(opCase);
      first
          .operands()
          .forEach(
              (name, values) ->
                  assertThat(second.operands().get(name).words())
                      .as("%s %s", opCase, name)
                      .isEqualTo(values.words()));
    }
  }

  @Test
  void anOperandThatIsOneWordShortIsRefused() throws ReflectiveOperationException {
    for (OpCase opCase : small()) {
      try (HostArena arena = new HostArena("support")) {
        Operation operation = opCase.make().apply(opCase.memory(arena));
        RecordComponent[] components = operation.getClass().getRecordComponents();
        for (int i = 0; i < components.length; i++) {
          if (components[i].getAccessor().invoke(operation) instanceof Buffer buffer
              && !UNCHECKED.contains(components[i].getName())) {
            Object[] values = values(operation, components);
            values[i] = buffer.slice(0, buffer.words() - 1);
            assertThatThrownBy(() -> construct(operation.getClass(), components, values))
                .as("%s %s", opCase, components[i].getName())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(components[i].getName());
          }
        }
      }
    }
  }

  private static List<OpCase> small() {
    return OpCases.all().stream().filter(opCase -> !opCase.real()).toList();
  }

  private static Object[] values(Operation operation, RecordComponent[] components)
      throws ReflectiveOperationException {
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = components[i].getAccessor().invoke(operation);
    }
    return values;
  }

  private static void construct(Class<?> type, RecordComponent[] components, Object[] values)
      throws Throwable {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Constructor<?> constructor = type.getDeclaredConstructor(types);
    try {
      constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
