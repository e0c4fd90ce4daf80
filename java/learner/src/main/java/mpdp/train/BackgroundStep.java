package mpdp.train;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import mpdp.train.PhaseClock.Phase;

/**
 * Steps the task on a thread of its own while the loop's thread does something else. What each of
 * the two computes does not depend on the other, so neither do the bits on which one is faster.
 */
final class BackgroundStep implements AutoCloseable {
  private final Runnable step;
  private final PhaseClock clock;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("environment step").factory());

  /**
   * @param step one step of the task
   * @param clock counts the time that the loop waits for a step's end
   */
  BackgroundStep(Runnable step, PhaseClock clock) {
    this.step = step;
    this.clock = clock;
  }

  /**
   * Takes a step while {@code work} runs on the calling thread, and returns when both have ended,
   * however they ended: memory that the step writes may be freed afterwards.
   */
  void during(Runnable work) {
    CompletableFuture<Void> running = CompletableFuture.runAsync(step, thread);
    try {
      work.run();
    } catch (RuntimeException | Error failure) {
      try {
        await(running);
      } catch (RuntimeException | Error second) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
    clock.time(Phase.ENVIRONMENT, () -> await(running));
  }

  /** Waits for the step and throws what it threw. */
  private static void await(CompletableFuture<Void> running) {
    try {
      running.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    }
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
