package mpdp.benchmark.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import mpdp.MpdpException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class LimitedProcessTest {
  private static final Duration LONG = Duration.ofSeconds(50);
  private static final Duration SHORT = Duration.ofMillis(700);

  @TempDir Path folder;

  private LimitedProcess.Outcome run(String script, Duration limit) throws InterruptedException {
    return LimitedProcess.run(
        new ProcessBuilder("sh", "-c", script).directory(folder.toFile()), limit);
  }

  /** Whether a process is gone, or will be as soon as somebody asks for its exit code. */
  static boolean ended(long pid) throws IOException {
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    try {
      return Files.readString(stat).contains(") Z ");
    } catch (NoSuchFileException gone) {
      return true;
    }
  }

  private void assertDead(String file) throws IOException, InterruptedException {
    long pid = Long.parseLong(Files.readString(folder.resolve(file)).strip());
    // A signal takes a moment to arrive.
    for (int i = 0; i < 100 && !ended(pid); i++) {
      Thread.sleep(50);
    }
    assertThat(ended(pid)).as(file).isTrue();
  }

  @Test
  void oneThatEndsHasItsCode() throws InterruptedException {
    assertThat(run("exit 3", LONG)).isEqualTo(new LimitedProcess.Outcome(3, false));
    assertThat(run("exit 0", LONG).passed()).isTrue();
  }

  @Test
  void oneThatIsOutOfTimeEndsWithAllThatItStarted() throws IOException, InterruptedException {
    LimitedProcess.Outcome outcome = run("sh -c 'echo $$ >child; sleep 300; :' ; exit 0", SHORT);
    assertThat(outcome.timedOut()).isTrue();
    assertThat(outcome.passed()).isFalse();
    assertDead("child");
  }

  @Test
  void oneThatWillNotEndIsKilled() throws IOException, InterruptedException {
    String deaf = "trap '' TERM; echo $$ >deaf; while :; do sleep 0.05; done";
    assertThat(run(deaf, SHORT).timedOut()).isTrue();
    assertDead("deaf");
  }

  @Test
  void whatOutlivesItsParentEndsToo() throws IOException, InterruptedException {
    String left = "sh -c 'sleep 300 & echo $! >orphan; sleep 0.5'; sleep 0.2";
    assertThat(run(left, LONG)).isEqualTo(new LimitedProcess.Outcome(0, false));
    assertDead("orphan");
  }

  @Test
  void whatIsNotThereCannotBeStarted() {
    assertThatThrownBy(() -> LimitedProcess.run(new ProcessBuilder("/nonexistent/program"), LONG))
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining("cannot start /nonexistent/program");
  }
}
