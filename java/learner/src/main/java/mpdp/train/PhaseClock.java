package mpdp.train;

import java.util.EnumMap;
import java.util.Map;

/** Where a run's time goes. */
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

  private final Map<Phase, Long> nanos = new EnumMap<>(Phase.class);
  private long windowStart = System.nanoTime();

  /** Runs {@code work} and counts its time. */
  void time(Phase phase, Runnable work) {
    long start = System.nanoTime();
    work.run();
    nanos.merge(phase, System.nanoTime() - start, Long::sum);
  }

  /** Seconds since the window began. */
  double seconds() {
    return (System.nanoTime() - windowStart) * 1e-9;
  }

  /** The phase's share of the window. */
  double share(Phase phase) {
    return nanos.getOrDefault(phase, 0L) * 1e-9 / seconds();
  }

  /** Starts a new window. */
  void restart() {
    nanos.clear();
    windowStart = System.nanoTime();
  }
}
