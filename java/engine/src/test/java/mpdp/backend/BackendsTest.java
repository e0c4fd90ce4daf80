package mpdp.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import mpdp.MpdpException;
import mpdp.UsageException;
import org.junit.jupiter.api.Test;

class BackendsTest {
  @Test
  void probeListsEveryBackendBestFirst() {
    assertThat(Backends.probe())
        .extracting(BackendStatus::name)
        .containsExactly("cuda", "cpu", "opencl", "reference");
    assertThat(Backends.probe()).allSatisfy(status -> assertThat(status.detail()).isNotBlank());
    assertThat(Backends.probe().getLast().available()).isTrue();
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNearest() {
    assertThatThrownBy(() -> Backends.open("referense", 1))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("the nearest is reference")
        .hasMessageNotContaining("\n");
  }

  @Test
  void negativeThreadsAreRefused() {
    assertThatThrownBy(() -> Backends.open("auto", -1)).isInstanceOf(UsageException.class);
  }

  @Test
  void aNamedBackendOpensOrFailsButNeverFallsBack() {
    for (BackendStatus status : Backends.probe()) {
      if (status.available()) {
        try (Backend backend = Backends.open(status.name(), 1)) {
          assertThat(backend.name()).isEqualTo(status.name());
        }
      } else {
        assertThatThrownBy(() -> Backends.open(status.name(), 1))
            .isInstanceOf(MpdpException.class)
            .hasMessageContaining(status.name())
            .hasMessageContaining(status.detail());
      }
    }
  }

  @Test
  void autoTakesTheBestAndLogsOneLineThatSaysWhy() {
    List<String> lines = new ArrayList<>();
    Handler handler = collecting(lines);
    Logger logger = Logger.getLogger(Backends.class.getName());
    logger.addHandler(handler);
    List<BackendStatus> refused =
        Backends.probe().stream().takeWhile(status -> !status.automatic()).toList();
    try (Backend backend = Backends.open(Backends.AUTO, 1)) {
      assertThat(backend.name()).isEqualTo(Backends.probe().get(refused.size()).name());
      assertThat(lines).hasSize(1);
      assertThat(lines.getFirst()).startsWith("back end " + backend.name());
      for (BackendStatus status : refused) {
        assertThat(lines.getFirst())
            .contains("not " + status.name() + " (" + status.detail() + ")");
      }
    } finally {
      logger.removeHandler(handler);
    }
  }

  private static Handler collecting(List<String> lines) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        lines.add(new SimpleFormatter().formatMessage(line));
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
