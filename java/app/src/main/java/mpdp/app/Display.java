package mpdp.app;

import java.io.PrintWriter;
import java.util.SequencedMap;
import mpdp.settings.Settings;

/** Shows a run while it goes on. */
interface Display extends AutoCloseable {
  /** Shows nothing. */
  Display SILENT = new Display() {};

  /**
   * A bar on a terminal, lines in a pipe, nothing where quiet is asked for.
   *
   * @param name of one run of several, which then have lines; "" for a run by itself
   */
  static Display choose(Settings settings, PrintWriter out, boolean quiet, String name) {
    if (quiet) {
      return SILENT;
    }
    var console = System.console();
    boolean terminal = name.isEmpty() && console != null && console.isTerminal();
    long steps = settings.train().steps();
    return terminal
        ? new BarDisplay(settings.task().id(), steps)
        : new LineDisplay(out, steps, name);
  }

  /** The run starts, or goes on after {@code firstStep}. */
  default void start(long firstStep) {}

  /** The run has done that many steps. */
  default void progress(long environmentSteps) {}

  /** A row of metrics. */
  default void row(long environmentSteps, SequencedMap<String, Double> metrics) {}

  /** Another line is about to be printed. */
  default void interrupt() {}

  @Override
  default void close() {}
}
