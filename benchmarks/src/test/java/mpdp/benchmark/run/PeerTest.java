package mpdp.benchmark.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PeerTest {
  private static Peer peer(String script) {
    return new Peer(1, List.of("sh", "-c", script), List.of("--mode", "graph", "--tf32"));
  }

  @Test
  void itIsReadyBeforeItMeasuresAndTheMedianCounts() {
    String ready =
        "echo '{\"mode\": \"eager\", \"precision\": \"fp32\", \"failed\": \"graph: no\"}'";
    String measure =
        "n=0; while read -r line; do n=$((n + 10)); echo '{\"units_per_s\": '$n'}'; done";
    try (Peer peer = peer(ready + "; " + measure)) {
      peer.await();
      assertThat(peer.works()).isFalse();
      peer.measure();
      peer.measure();
      peer.measure();
      assertThat(peer.rate()).isEqualTo(20);
      assertThat(peer.how()).isEqualTo("eager fp32, after graph: no");
      assertThat(peer.json(40, 60))
          .containsEntry("ratio", 2.0)
          .containsEntry("units_per_s", 20.0)
          .containsEntry("best_ratio", 2.0)
          .containsEntry("best_units_per_s", 30.0);
    }
  }

  @Test
  void oneThatEndsIsFailedByItsLastWord() {
    try (Peer peer = peer("echo first >&2; echo 'no GPU' >&2; echo >&2; exit 3")) {
      peer.measure();
      peer.measure();
      assertThat(peer.works()).isFalse();
      assertThat(peer.how()).isEqualTo("graph tf32 failed: no GPU");
      assertThat(peer.json(1, 1)).containsOnlyKeys("how");
    }
  }

  @Test
  void oneThatCannotBeStartedIsFailed() {
    try (Peer peer = new Peer(1, List.of("/nonexistent/python"), List.of())) {
      peer.measure();
      assertThat(peer.how()).startsWith("failed: cannot start /nonexistent/python");
    }
  }
}
