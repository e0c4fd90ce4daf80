package mpdp.backend.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.tensor.HostArena;
import org.junit.jupiter.api.Test;

/** Kernels find each operand where the encoding puts it. */
class OperandHeadersTest {
  @Test
  void theSourcesInTheRepositoryAreTheGeneratedOnes() {
    Path repository = Path.of(System.getProperty("mpdp.root"));
    for (Map.Entry<String, String> file : OperandHeaders.files().entrySet()) {
      assertThat(repository.resolve(file.getKey()))
          .as("write it again with: ./mpdp operands")
          .hasContent(file.getValue());
    }
  }

  @Test
  void namesHaveThePlacesOfTheirValues() throws ReflectiveOperationException {
    for (OpCase opCase : OpCases.all()) {
      try (HostArena arena = new HostArena("names")) {
        Operation operation = opCase.make().apply(opCase.memory(arena));
        OperandNames names = OperandNames.of(operation.op());
        OpEncoding encoding = OpEncoding.of(operation);
        assertThat(names.buffers())
            .as("%s", opCase)
            .isEqualTo(encoding.operands().stream().map(OpEncoding.Operand::name).toList());
        assertThat(names.integers()).as("%s", opCase).hasSize(encoding.integers().length);
        assertThat(names.numbers()).as("%s", opCase).hasSize(encoding.numbers().length);
        for (RecordComponent component : operation.getClass().getRecordComponents()) {
          checkValue(component, component.getAccessor().invoke(operation), names, encoding);
        }
      }
    }
  }

  private static void checkValue(
      RecordComponent component, Object value, OperandNames names, OpEncoding encoding) {
    int integer = names.integers().indexOf(component.getName());
    int number = names.numbers().indexOf(component.getName());
    switch (value) {
      case Integer i -> assertThat(encoding.integers()[integer]).isEqualTo(i.longValue());
      case Long l -> assertThat(encoding.integers()[integer]).isEqualTo(l.longValue());
      case Boolean b -> assertThat(encoding.integers()[integer]).isEqualTo(b ? 1 : 0);
      case Enum<?> e -> assertThat(encoding.integers()[integer]).isEqualTo(e.ordinal());
      case Float f -> assertThat(encoding.numbers()[number]).isEqualTo(f.doubleValue());
      case MlpShape shape -> {
        int first = names.integers().indexOf("members");
        assertThat(names.integers().subList(first, first + 7))
            .containsExactly(
                "members", "inputs", "width", "layers", "outputs", "activation", "norm");
        assertThat(Arrays.copyOfRange(encoding.integers(), first, first + 5))
            .containsExactly(
                shape.members(), shape.inputs(), shape.width(), shape.layers(), shape.outputs());
      }
      case null, default -> {}
    }
  }
}
