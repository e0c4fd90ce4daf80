package mpdp.train;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.LongSupplier;

/**
 * Where a run's time goes, window by window: what the loop was doing (its phases), and how much of
 * all that was spent in kernels and in the simulator. Windows leave no gap: each begins where the
 * one before ended.
 */
final class PhaseClock {
  /** What the loop may be doing. */
  enum Phase {
    ACT,
    ENVIRONMENT,
    MODEL,
    UPDATE,
    EVALUATE,
    SAVE
  }

  private static final Phase[] PHASES = Phase.values();

  private final long[] nanos = new long[PHASES.length];
  private final LongSupplier kernels;
  private final LongSupplier simulator;
  private long windowStart = System.nanoTime();
  private long kernelsBefore;
  private long simulatorBefore;

  /**
   * @param kernels nanoseconds spent in kernels so far
   * @param simulator nanoseconds spent in the simulator so far
   */
  PhaseClock(LongSupplier kernels, LongSupplier simulator) {
    this.kernels = kernels;
    this.simulator = simulator;
    this.kernelsBefore = kernels.getAsLong();
    this.simulatorBefore = simulator.getAsLong();
  }

  /** Runs {@code work} and counts its time. */
  void time(Phase phase, Runnable work) {
    long start = System.nanoTime();
    work.run();
    nanos[phase.ordinal()] += System.nanoTime() - start;
  }

  /**
   * What a window held.
   *
   * @param seconds its length
   * @param shares of that length, by column name: each phase's, then {@code kernel_share} and
   *     {@code simulator_share}, which are parts of the phases
   */
  record Window(double seconds, SequencedMap<String, Double> shares) {}

  /** Ends the window and starts the next one. */
  Window next() {
    long now = System.nanoTime();
    long kernelsNow = kernels.getAsLong();
    long simulatorNow = simulator.getAsLong();
    double length = now - windowStart;
    SequencedMap<String, Double> shares = new LinkedHashMap<>();
    for (Phase phase : PHASES) {
      shares.put(phase.name().toLowerCase(Locale.ROOT) + "_share", nanos[phase.ordinal()] / length);
      nanos[phase.ordinal()] = 0;
    }
    shares.put("kernel_share", (kernelsNow - kernelsBefore) / length);
    shares.put("simulator_share", (simulatorNow - simulatorBefore) / length);
    windowStart = now;
    kernelsBefore = kernelsNow;
    simulatorBefore = simulatorNow;
    return new Window(length * 1e-9, shares);
  }
}
