package mpdp.benchmark.gpu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mpdp.MpdpException;
import mpdp.app.run.RunFiles;
import mpdp.benchmark.gpu.Step.Command;
import mpdp.benchmark.gpu.Step.Ended;
import mpdp.benchmark.gpu.Step.Kind;
import mpdp.benchmark.gpu.Step.Missing;
import mpdp.benchmark.gpu.Step.Result;
import org.jspecify.annotations.Nullable;

/** Runs steps in their order, each within its own limit and within what is left for all. */
final class CheckRun {
  /** Nothing is started with less. */
  private static final Duration LEAST = Duration.ofSeconds(10);

  /** Lines of a log that its step is told by. */
  private static final int DETAIL_LINES = 3;

  private final CheckResults results;
  private final Workplace workplace;
  private final Map<String, String> environment;
  private final long end;
  private final int patience;
  private @Nullable Thread background;

  /**
   * @param environment that every command gets besides its own
   * @param all what all steps may take together, from now on
   * @param patience how many times its usual limit each step may take
   */
  CheckRun(
      CheckResults results,
      Workplace workplace,
      Map<String, String> environment,
      Duration all,
      int patience) {
    this.results = results;
    this.workplace = workplace;
    this.environment = environment;
    this.end = System.nanoTime() + all.toNanos();
    this.patience = patience;
  }

  /**
   * Runs them all, or up to an essential one that fails.
   *
   * @throws InterruptedException if the JVM is ending
   */
  void run(List<Step> steps) throws InterruptedException {
    for (Step step : steps) {
      if (step.kind() == Kind.BACKGROUND) {
        background = Thread.ofPlatform().start(() -> runBeside(step));
        continue;
      }
      if (step.kind() != Kind.ANY_TIME) {
        join();
      }
      results.begin(step);
      Ended ended = outcome(step);
      results.add(ended);
      if (step.kind() == Kind.ESSENTIAL && ended.result() != Result.PASSED) {
        break;
      }
    }
    join();
  }

  private void runBeside(Step step) {
    try {
      results.add(outcome(step));
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  private void join() throws InterruptedException {
    if (background != null) {
      background.join();
      background = null;
    }
  }

  private Ended outcome(Step step) throws InterruptedException {
    if (left().compareTo(LEAST) < 0) {
      return new Ended(step, Result.SKIPPED, 0, "no time left");
    }
    long start = System.nanoTime();
    return switch (step.prepared().get()) {
      case Missing missing -> new Ended(step, Result.SKIPPED, seconds(start), missing.why());
      case Command command -> {
        Path log = workplace.log(step.name());
        Result result = run(step, command, log);
        yield ended(step, command, result, seconds(start), read(log));
      }
    };
  }

  private Result run(Step step, Command command, Path log) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command.words());
    builder.environment().putAll(environment);
    builder.environment().putAll(command.environment());
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    Duration own = Duration.ofSeconds(step.seconds()).multipliedBy(patience);
    Duration limit = own.compareTo(left()) < 0 ? own : left();
    try {
      LimitedProcess.Outcome outcome = LimitedProcess.run(builder, limit);
      if (outcome.timedOut()) {
        append(log, "took longer than " + limit.toSeconds() + " s");
      }
      return outcome.passed() ? Result.PASSED : Result.FAILED;
    } catch (MpdpException absent) {
      append(log, String.valueOf(absent.getMessage()));
      return Result.SKIPPED;
    }
  }

  private static Ended ended(
      Step step, Command command, Result result, double seconds, String log) {
    List<String> lines = log.lines().filter(line -> !line.isBlank()).toList();
    if (result == Result.FAILED && command.forbidden() != null) {
      for (String line : lines) {
        if (command.forbidden().matcher(line).find()) {
          return new Ended(step, Result.SKIPPED, seconds, "not allowed here: " + line.strip());
        }
      }
    }
    List<String> last = lines.subList(Math.max(0, lines.size() - DETAIL_LINES), lines.size());
    return new Ended(step, result, seconds, String.join("\n", last));
  }

  private Duration left() {
    return Duration.ofNanos(end - System.nanoTime());
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static String read(Path log) {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "cannot read " + log + ": " + RunFiles.reason(e);
    }
  }

  private static void append(Path log, String line) {
    try {
      Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new MpdpException("cannot write " + log + ": " + RunFiles.reason(e), e);
    }
  }
}
