package mpdp.benchmark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import mpdp.UsageException;
import mpdp.app.Benchmarks.Request;
import org.junit.jupiter.api.Test;

class SelectionTest {
  private static List<Variant> select(String pattern, Map<String, List<String>> parameters) {
    return Selection.of(new Request(pattern, parameters, false, 0, 0, null, false));
  }

  @Test
  void aPatternIsAPartOfTheNameWhateverItsLetterCase() {
    assertThat(select("sacUP", Map.of()))
        .extracting(Variant::title)
        .containsOnly("SacUpdate")
        .hasSize(4);
  }

  @Test
  void givenValuesReplaceTheUsualOnes() {
    var given = Map.of("threads", List.of("1"), "shape", List.of("ant", "hopper"));
    assertThat(select("EnsembleTrainStep", given))
        .extracting(Variant::settings)
        .containsExactly(
            "backend=cpu seeds=1 shape=ant threads=1",
            "backend=cpu seeds=1 shape=hopper threads=1");
  }

  @Test
  void aPlainRunTakesTheUsualShapeAndPrecision() {
    assertThat(select("Imagine", Map.of("threads", List.of("1"), "horizon", List.of("5"))))
        .hasSize(3)
        .allSatisfy(v -> assertThat(v.parameters()).containsEntry("shape", "halfcheetah"))
        .allSatisfy(v -> assertThat(v.parameters()).containsEntry("precision", "fp32"));
  }

  @Test
  void otherWaysToTimeAreAskedForByName() {
    var given = Map.of("threads", List.of("1"));
    assertThat(select("EnsembleTrainStep.queued", given))
        .extracting(Variant::title)
        .containsExactly("EnsembleTrainStep.queued");
    assertThat(select("Plan", given))
        .extracting(v -> v.title() + " " + v.parameters().get("search"))
        .containsExactly("Plan cem", "Plan mppi", "Plan gradient");
    assertThat(select("Plan", Map.of("search", List.of("cem-large"), "threads", List.of("1"))))
        .hasSize(1);
  }

  @Test
  void anOpIsFoundByItsRecordAndByItsId() {
    List<Variant> byRecord = select("MlpBackward", Map.of());
    assertThat(byRecord).isNotEmpty().isEqualTo(select("mlp_backward", Map.of()));
    assertThat(byRecord)
        .allSatisfy(v -> assertThat(v.parameters().get("operation")).startsWith("mlp_backward "));
  }

  @Test
  void nothingSelectedIsWrongUse() {
    assertThatThrownBy(() -> select("SacUpdat3", Map.of()))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("SacUpdat3")
        .hasMessageContaining("SacUpdate");
    assertThatThrownBy(() -> select("", Map.of("thread", List.of("1"))))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("threads");
  }
}
