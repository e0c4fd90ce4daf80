package mpdp.app.run;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table in plain text: columns as wide as they need, numbers to the right. */
public final class TextTable {
  private static final String NOTHING = "-";

  private final List<List<String>> rows = new ArrayList<>();

  /** A table with these names above its columns. */
  public TextTable(String... names) {
    rows.add(List.of(names));
  }

  /** Adds a row with a cell for each column; an empty one is shown as {@code -}. */
  public void row(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(cells.length + " cells in " + rows.getFirst());
    }
    rows.add(List.of(cells));
  }

  /** The number with that many decimals, nothing where it is not finite. */
  public static String number(double value, int decimals) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + decimals + "f", value) : "";
  }

  /** Prints the names and the rows. */
  public void print(PrintWriter out) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    boolean[] numeric = new boolean[columns];
    for (int i = 0; i < columns; i++) {
      int column = i;
      widths[i] =
          rows.stream().mapToInt(row -> Math.max(1, row.get(column).length())).max().orElse(1);
      numeric[i] = isNumeric(column);
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String cell = row.get(i).isEmpty() ? NOTHING : row.get(i);
        String padding = " ".repeat(widths[i] - cell.length());
        line.append(i == 0 ? "" : "  ").append(numeric[i] ? padding + cell : cell + padding);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private boolean isNumeric(int column) {
    return rows.stream()
        .skip(1)
        .map(row -> row.get(column))
        .allMatch(cell -> cell.isEmpty() || cell.matches("-?[0-9][0-9.,/]*"));
  }
}
