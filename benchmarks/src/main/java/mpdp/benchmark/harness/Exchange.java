package mpdp.benchmark.harness;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long a word takes from one processor to another and back. On shared machines it tells where
 * the processors are just then: tens of nanoseconds on cores with a common cache, hundreds across
 * caches, where everything that threads hand to each other is slower.
 */
final class Exchange {
  private static final int BATCHES = 20;
  private static final int ROUNDS = 500;

  private Exchange() {}

  /** Nanoseconds of a round trip, the median of some batches; NaN where it takes two processors. */
  static double nanos() {
    if (Runtime.getRuntime().availableProcessors() < 2) {
      return Double.NaN;
    }
    AtomicInteger ball = new AtomicInteger();
    int last = 2 * ROUNDS * BATCHES;
    Thread partner = Thread.ofPlatform().daemon().start(() -> answer(ball, last));
    double[] batches = new double[BATCHES];
    for (int i = 0; i < BATCHES; i++) {
      long start = System.nanoTime();
      serve(ball, 2 * ROUNDS * i, 2 * ROUNDS * (i + 1));
      batches[i] = (double) (System.nanoTime() - start) / ROUNDS;
    }
    join(partner);
    Arrays.sort(batches);
    return batches[BATCHES / 2];
  }

  /** Sends odd numbers, and waits for the even ones that answer them. */
  private static void serve(AtomicInteger ball, int from, int to) {
    for (int n = from; n < to; n += 2) {
      ball.setRelease(n + 1);
      while (ball.getAcquire() != n + 2) {
        Thread.onSpinWait();
      }
    }
  }

  private static void answer(AtomicInteger ball, int last) {
    for (int n = 0; n < last; n += 2) {
      while (ball.getAcquire() != n + 1) {
        Thread.onSpinWait();
      }
      ball.setRelease(n + 2);
    }
  }

  private static void join(Thread partner) {
    try {
      partner.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
