package mpdp.benchmark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import mpdp.UsageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeersTest {
  @AfterEach
  void forget() {
    System.clearProperty(JmhBenchmarks.PEER_WAYS_PROPERTY);
  }

  @Test
  void allWaysAreTriedWhereNoneIsNamed() {
    assertThat(Peers.cudaWays()).hasSize(5).contains(List.of("--mode", "eager"));
  }

  @Test
  void namedWaysAreTriedInTheirOrder() {
    System.setProperty(JmhBenchmarks.PEER_WAYS_PROPERTY, "compiled-tf32,graph");
    assertThat(Peers.cudaWays())
        .containsExactly(List.of("--mode", "compiled", "--tf32"), List.of("--mode", "graph"));
  }

  @Test
  void anUnknownWayIsRefused() {
    System.setProperty(JmhBenchmarks.PEER_WAYS_PROPERTY, "compiled,fast");
    assertThatThrownBy(Peers::cudaWays)
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "-Dmpdp.peers.ways=compiled,fast: choose of [eager, graph, compiled, graph-tf32, compiled-tf32]");
  }
}
