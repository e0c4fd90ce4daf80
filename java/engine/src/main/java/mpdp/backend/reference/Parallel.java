package mpdp.backend.reference;

import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Runs independent tasks side by side; each writes memory of its own, so order never matters. */
final class Parallel {
  private Parallel() {}

  static void run(int tasks, IntConsumer task) {
    if (tasks == 1) {
      task.accept(0);
    } else {
      IntStream.range(0, tasks).parallel().forEach(task);
    }
  }
}
