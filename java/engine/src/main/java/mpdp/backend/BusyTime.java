package mpdp.backend;

/**
 * Sums the time that a back end's caller spends in its kernels. Two readings of the clock a
 * program, no allocation. Like the back end, for one thread at a time.
 */
public final class BusyTime {
  private long nanos;

  /** Adds the time since {@code start}, a {@link System#nanoTime}. */
  public void since(long start) {
    nanos += System.nanoTime() - start;
  }

  /** The sum, in nanoseconds. */
  public long nanos() {
    return nanos;
  }
}
