package mpdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Test
  void distanceCountsInsertionsDeletionsAndReplacements() {
    assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Nearest.distance("", "abc")).isEqualTo(3);
    assertThat(Nearest.distance("abc", "")).isEqualTo(3);
    assertThat(Nearest.distance("same", "same")).isZero();
  }

  @Test
  void theFirstOfEquallyNearNamesWins() {
    assertThat(Nearest.to("Hoper-v5", List.of("Ant-v5", "Hopper-v5", "Humanoid-v5")))
        .isEqualTo("Hopper-v5");
    assertThat(Nearest.to("a", List.of("b", "c"))).isEqualTo("b");
  }
}
