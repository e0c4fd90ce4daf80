package mpdp.app.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.StringJoiner;
import java.util.stream.DoubleStream;

/**
 * Writes {@code metrics.csv}: one row per log interval, {@code env_steps} first, an empty cell
 * where a value does not exist. A row is appended in one write, so that a crash can only lose the
 * end of the last line; {@link #open} drops such a rest.
 */
public final class MetricsFile {
  /** Name of the first column: environment steps since the run began. */
  public static final String STEPS = "env_steps";

  /** Name of the column of seconds since the run began. */
  public static final String WALL = "wall_s";

  private final Path file;
  private final List<String> columns;
  private final double earlierSeconds;

  private MetricsFile(Path file, List<String> columns, double earlierSeconds) {
    this.file = file;
    this.columns = columns;
    this.earlierSeconds = earlierSeconds;
  }

  /**
   * Opens the file to go on after a step: rows beyond it are cut, because they will be made again,
   * and {@code wall_s} goes on from the last row that is kept.
   *
   * @param file need not exist
   * @param lastStep environment steps of the checkpoint that the run goes on from, 0 for none
   */
  public static MetricsFile open(Path file, long lastStep) {
    if (!Files.exists(file)) {
      return new MetricsFile(file, new ArrayList<>(), 0);
    }
    MetricsTable whole = MetricsTable.read(file);
    MetricsTable kept = new MetricsTable(whole.columns(), whole.rowsUpTo(lastStep));
    double seconds = DoubleStream.of(kept.column(WALL)).filter(Double::isFinite).max().orElse(0);
    MetricsFile metrics = new MetricsFile(file, new ArrayList<>(kept.columns()), seconds);
    metrics.rewrite(kept.rows());
    return metrics;
  }

  /** Appends a row; a column seen for the first time is added to the rows before, empty there. */
  public void append(long environmentSteps, SequencedMap<String, Double> metrics) {
    LinkedHashSet<String> wanted = new LinkedHashSet<>(columns);
    wanted.add(STEPS);
    wanted.addAll(metrics.sequencedKeySet());
    if (wanted.size() > columns.size()) {
      List<List<String>> rows =
          Files.exists(file) ? MetricsTable.read(file).rowsUpTo(Long.MAX_VALUE) : List.of();
      columns.clear();
      columns.addAll(wanted);
      rewrite(rows);
    }
    StringJoiner line = new StringJoiner(",", "", "\n");
    for (String column : columns) {
      line.add(column.equals(STEPS) ? Long.toString(environmentSteps) : cell(column, metrics));
    }
    try {
      Files.writeString(file, line.toString(), StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw RunFiles.cannotWrite(file, e);
    }
  }

  private String cell(String column, Map<String, Double> metrics) {
    double value = metrics.getOrDefault(column, Double.NaN);
    if (Double.isNaN(value)) {
      return "";
    }
    double written = column.equals(WALL) ? value + earlierSeconds : value;
    boolean whole = written == Math.rint(written) && Math.abs(written) < 1e15;
    return whole ? Long.toString((long) written) : Double.toString(written);
  }

  private void rewrite(List<List<String>> rows) {
    StringBuilder text = new StringBuilder(String.join(",", columns)).append('\n');
    for (List<String> row : rows) {
      text.append(String.join(",", row));
      text.repeat(",", columns.size() - row.size()).append('\n');
    }
    RunFiles.write(file, text.toString());
  }
}
