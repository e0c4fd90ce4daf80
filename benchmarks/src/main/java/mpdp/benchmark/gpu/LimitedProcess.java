package mpdp.benchmark.gpu;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import mpdp.MpdpException;
import mpdp.app.run.RunFiles;

/**
 * A command with a hard limit. When it ends, or is out of time, no process that it started is left:
 * also none whose own parent has ended, as long as it lived long enough to be seen.
 */
final class LimitedProcess {
  private static final long LOOK_MILLIS = 100;

  /** Between being asked to end and being killed. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private final Process process;
  private final Set<ProcessHandle> family = ConcurrentHashMap.newKeySet();

  /**
   * How it ended.
   *
   * @param code its exit code; what it had then where it was out of time
   */
  record Outcome(int code, boolean timedOut) {
    boolean passed() {
      return code == 0 && !timedOut;
    }
  }

  private LimitedProcess(Process process) {
    this.process = process;
    family.add(process.toHandle());
  }

  /**
   * Runs the command of {@code builder} to its end, or to the end of {@code limit}.
   *
   * @throws MpdpException if it cannot be started
   * @throws InterruptedException if this thread is interrupted, or the JVM is ending
   */
  static Outcome run(ProcessBuilder builder, Duration limit) throws InterruptedException {
    LimitedProcess running;
    try {
      running = new LimitedProcess(builder.start());
    } catch (IOException e) {
      // The JDK wraps the system's reason twice; it stands in brackets at the end.
      String reason = RunFiles.reason(e).replaceFirst("(?s).*\\(([^()]*)\\)\\s*$", "$1");
      throw new MpdpException("cannot start " + builder.command().getFirst() + ": " + reason, e);
    }
    Thread hook = new Thread(running::kill);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      Outcome outcome = running.await(limit);
      Runtime.getRuntime().removeShutdownHook(hook);
      return outcome;
    } catch (IllegalStateException ending) {
      throw new InterruptedException("the JVM is ending");
    } finally {
      running.kill();
    }
  }

  private Outcome await(Duration limit) throws InterruptedException {
    boolean ended = ended(limit);
    if (!ended) {
      process.destroy();
      ended(GRACE);
    }
    kill();
    return new Outcome(process.waitFor(), !ended);
  }

  private boolean ended(Duration limit) throws InterruptedException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < limit.toNanos()) {
      if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        return true;
      }
      process.descendants().forEach(family::add);
    }
    return !process.isAlive();
  }

  private void kill() {
    family.forEach(member -> member.descendants().forEach(family::add));
    family.forEach(ProcessHandle::destroyForcibly);
  }
}
