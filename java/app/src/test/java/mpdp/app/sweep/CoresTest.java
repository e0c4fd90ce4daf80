package mpdp.app.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class CoresTest {
  @Test
  void theSystemsNotationIsRead() {
    assertThat(Cores.parse("0-3,8,10-11").numbers()).containsExactly(0, 1, 2, 3, 8, 10, 11);
    assertThat(Cores.available().numbers())
        .hasSize(Runtime.getRuntime().availableProcessors())
        .doesNotHaveDuplicates();
  }

  @Test
  void placesShareNoCoreWhileThereAreEnough() {
    Assumptions.assumeTrue(Installation.onPath("taskset") != null, "no taskset here");
    Cores cores = Cores.parse("2-5");
    assertThat(cores.pinning(0, 2)).containsExactly("taskset", "-c", "2,3");
    assertThat(cores.pinning(1, 2)).containsExactly("taskset", "-c", "4,5");
    assertThat(cores.pinning(2, 2)).as("around").containsExactly("taskset", "-c", "2,3");
    assertThat(cores.pinning(1, 3)).containsExactly("taskset", "-c", "2,3,5");
    assertThat(cores.pinning(0, 9)).as("all").containsExactly("taskset", "-c", "2,3,4,5");
  }

  @Test
  void thisProgramIsStartedOnceMoreAsItWas() {
    List<String> command = Installation.command(List.of("-Xss1m"));
    assertThat(command)
        .contains(
            System.getProperty("java.class.path"), "--enable-native-access=ALL-UNNAMED", "-Xss1m")
        .endsWith("mpdp.app.Main");
  }
}
