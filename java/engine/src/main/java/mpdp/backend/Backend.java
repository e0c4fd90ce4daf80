package mpdp.backend;

import java.util.List;
import java.util.function.Consumer;
import mpdp.MpdpException;
import mpdp.backend.op.FloatProducts;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Operation;
import mpdp.tensor.TensorArena;

/**
 * A place where ops run. Work is submitted from one thread at a time; results do not depend on the
 * number of worker threads.
 */
public interface Backend extends AutoCloseable {
  /** The name that {@code --backend} takes. */
  String name();

  /** The device and how it is used, for logs: instruction set, threads, driver. */
  String device();

  /**
   * Float32 operations per second that this back end's threads reach together in a loop of
   * multiply-adds on registers, measured now; NaN where there is no such probe. The yardstick of
   * benchmarks.
   */
  default double measurePeak() {
    return Double.NaN;
  }

  /** How it multiplies networks' floats: what an answer is to be compared with. */
  default FloatProducts floatProducts() {
    return FloatProducts.WHOLE;
  }

  /** New device memory; the caller closes it before the back end. */
  TensorArena arena(String label);

  /**
   * Records the ops that {@code body} adds, without running them.
   *
   * @param label names the program in errors and profiles
   * @throws IllegalArgumentException if an op's operand belongs to another back end
   */
  Program record(String label, Consumer<Recorder> body);

  /**
   * Records the ops of several programs as one. None of them writes what another one touches, so
   * they may run at once where the back end can.
   *
   * @throws IllegalArgumentException if an op's operand belongs to another back end
   */
  default Program join(String label, List<Program> programs) {
    return record(
        label,
        recorder -> programs.forEach(program -> program.operations().forEach(recorder::add)));
  }

  /**
   * Back ends like this one, each with an equal part of its threads and at least one, for users
   * that run at the same time; none where users have to share what there is. The caller closes
   * them.
   */
  default List<Backend> divide(int parts) {
    return List.of();
  }

  /** Records and runs one op: for set-up and tests. */
  default void run(Operation operation) {
    try (Program program = record(operation.op().id(), recorder -> recorder.add(operation))) {
      program.run();
    }
  }

  /**
   * How many members of an ensemble a step should take forwards and back at a time, so that what a
   * pass keeps for its way back is still in a cache on it: all of them, unless this back end runs
   * few threads over caches. The numbers that come out do not depend on it.
   *
   * @param rows of each member
   */
  default int membersAtOnce(MlpShape shape, int rows) {
    return shape.members();
  }

  /**
   * Waits until every program that was submitted has run. Reads and writes of buffers wait by
   * themselves; this is for clocks.
   *
   * @throws MpdpException if one of them failed
   */
  default void finish() {}

  /**
   * Nanoseconds that the calling thread has spent in this back end's kernels since it was opened:
   * from the call that starts a program to its return with the ops done. Where programs run while
   * the caller goes on (cuda), the time it takes to submit them and to wait for them instead, in
   * {@link #finish} or in a copy to or from the device: a lower bound of what the device took. Only
   * grows; the difference between two readings is what a part of a run took.
   */
  long busyNanos();

  @Override
  void close();
}
