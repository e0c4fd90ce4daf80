package mpdp.app.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mpdp.MpdpException;

/**
 * The content of a {@code metrics.csv}.
 *
 * @param columns names, {@code env_steps} first
 * @param rows cells as text, each row as long as {@code columns}
 */
public record MetricsTable(List<String> columns, List<List<String>> rows) {
  /** Of a run that recorded nothing yet. */
  public static final MetricsTable EMPTY = new MetricsTable(List.of(), List.of());

  /**
   * Reads a file, leaving out a last line that a crash cut short.
   *
   * @throws MpdpException with one line, if the file cannot be read or a row does not fit
   */
  public static MetricsTable read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new MpdpException("cannot read " + file + ": " + RunFiles.reason(e), e);
    }
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    List<String> columns = lines.isEmpty() ? List.of() : List.of(lines.getFirst().split(","));
    List<List<String>> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      List<String> row = List.of(lines.get(i).split(",", -1));
      if (row.size() != columns.size() || !row.getFirst().matches("\\d+")) {
        throw new MpdpException(
            file + " line " + (i + 1) + " does not fit its header; remove the line or the file");
      }
      rows.add(row);
    }
    return new MetricsTable(columns, rows);
  }

  /** The rows whose {@code env_steps} are at most {@code lastStep}. */
  List<List<String>> rowsUpTo(long lastStep) {
    return rows.stream().filter(row -> Long.parseLong(row.getFirst()) <= lastStep).toList();
  }

  /** A column as numbers, NaN in empty cells; all NaN where there is no such column. */
  public double[] column(String name) {
    int index = columns.indexOf(name);
    double[] values = new double[rows.size()];
    for (int i = 0; i < values.length; i++) {
      String cell = index < 0 ? "" : rows.get(i).get(index);
      values[i] = cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
    }
    return values;
  }
}
