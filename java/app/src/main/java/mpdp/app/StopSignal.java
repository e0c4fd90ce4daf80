package mpdp.app;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Catches Ctrl-C and SIGTERM while it is open: asks the work to stop, then holds the end of the
 * process back until the work has put its things away.
 */
final class StopSignal implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 300;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean raised;

  StopSignal(Runnable stop) {
    hook = new Thread(() -> shutDown(stop), "stop-signal");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Whether somebody asked the process to end. */
  boolean isRaised() {
    return raised;
  }

  private void shutDown(Runnable stop) {
    raised = true;
    stop.run();
    try {
      if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("mpdp: gave up waiting for the last checkpoint");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    if (!raised) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException alreadyEnding) {
        raised = true;
      }
    }
  }
}
