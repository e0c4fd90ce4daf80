package mpdp.benchmark.gpu;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A step of a check.
 *
 * @param name what it is called: a group, or a group and what of it, {@code ours/SacUpdate}
 * @param seconds its hard limit
 * @param kind what it has to do with the others
 * @param prepared looks, when its turn has come, whether it can run here
 */
record Step(String name, int seconds, Kind kind, Supplier<Prepared> prepared) {
  /** What a step has to do with the others. */
  enum Kind {
    /** Runs while nothing else does. */
    ALONE,
    /** The same; where it fails, the others make no sense. */
    ESSENTIAL,
    /** Runs beside one in the {@code BACKGROUND}: its time does not count. */
    ANY_TIME,
    /** Starts and lets the next ones run; the first that runs alone waits for its end. */
    BACKGROUND
  }

  /** What became of {@link #prepared}. */
  sealed interface Prepared {}

  /**
   * It can run.
   *
   * @param words the command and its arguments
   * @param environment variables that it gets besides those of every command
   * @param forbidden what its log says where this machine does not allow it, if that may be
   */
  record Command(List<String> words, Map<String, String> environment, @Nullable Pattern forbidden)
      implements Prepared {
    Command(List<String> words) {
      this(words, Map.of(), null);
    }
  }

  /**
   * It cannot run here.
   *
   * @param why what is missing
   */
  record Missing(String why) implements Prepared {}

  /** What of the name says which steps belong together. */
  String group() {
    return name.substring(0, (name + "/").indexOf('/'));
  }

  /** The name as a file's. */
  String fileName() {
    return name.replace('/', '-');
  }

  /** Whether {@code asked}, names and groups, has it; where nothing is asked, all are. */
  boolean isAmong(List<String> asked) {
    return asked.isEmpty() || asked.contains(name) || asked.contains(group());
  }

  /** How a step ended. */
  enum Result {
    PASSED,
    FAILED,
    SKIPPED
  }

  /**
   * A step that is over.
   *
   * @param seconds it took
   * @param detail the last lines that it printed, or why it was skipped
   */
  record Ended(Step step, Result result, double seconds, String detail) {}
}
