package mpdp.benchmark.publish;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.app.run.RunFiles;

/**
 * Keeps the tables of the documents equal to the files of {@code benchmarks/results}. A table lies
 * between two comments, of which the first one names it; everything else is left as it is.
 */
public final class Documents {
  /** Documents with tables, from the root of a checkout. */
  static final List<String> FILES = List.of("README.md", "docs/results.md");

  private static final String RESULTS = "benchmarks/results";

  private static final String CPU = "epyc-avx512-2core";

  private static final String XEON = "xeon-amx-2core";

  /** Each table: the machine whose results it shows, and how they are written. */
  private record Table(String machine, Function<ResultFolder, String> text) {}

  private static final Map<String, Table> TABLES =
      new TreeMap<>(
          Map.of(
              "cpu-networks", new Table(CPU, Networks::table),
              "cpu-peers", new Table(CPU, CpuPeers::table),
              "cpu-programs", new Table(CPU, CpuPrograms::table),
              "opencl-programs", new Table(CPU, CpuPrograms::openClTable),
              "gpu-programs", new Table("h100", GpuPrograms::table),
              "gpu-summary", new Table("h100", GpuSummary::table),
              "xeon-peers", new Table(XEON, CpuPeers::table),
              "xeon-programs", new Table(XEON, CpuPrograms::table)));

  private static final Pattern MARKED =
      Pattern.compile(
          "(<!-- table ([\\w-]+), made by `\\./mpdp bench --tables \\.` -->\\n)(.*?)(<!-- end of table -->)",
          Pattern.DOTALL);

  private Documents() {}

  /**
   * Writes the tables of a checkout's documents again and tells which ones changed.
   *
   * @throws UsageException if the folder is no checkout
   * @throws MpdpException if a result is missing, or a table in the documents
   */
  public static void write(Path checkout, PrintWriter out) {
    if (!Files.isDirectory(checkout.resolve(RESULTS))) {
      throw new UsageException(checkout + " is no checkout: it has no " + RESULTS);
    }
    Set<String> written = new LinkedHashSet<>();
    for (String name : FILES) {
      Path file = checkout.resolve(name);
      String before = read(file);
      String after = rewritten(before, checkout, written);
      if (!after.equals(before)) {
        RunFiles.write(file, after);
      }
      out.println(name + (after.equals(before) ? ": up to date" : ": written"));
    }
    out.flush();
    if (!written.equals(TABLES.keySet())) {
      throw new MpdpException(
          "the documents have the tables %s; there should be %s"
              .formatted(written, TABLES.keySet()));
    }
  }

  /**
   * A document with its tables made again.
   *
   * @param written receives the names of the tables
   */
  static String rewritten(String document, Path checkout, Set<String> written) {
    return MARKED
        .matcher(document)
        .replaceAll(
            marked -> {
              String name = marked.group(2);
              Table table = TABLES.get(name);
              if (table == null) {
                throw new MpdpException(
                    "there is no table " + name + "; there are " + TABLES.keySet());
              }
              written.add(name);
              Path folder = checkout.resolve(RESULTS).resolve(table.machine());
              String text = table.text().apply(new ResultFolder(folder));
              return Matcher.quoteReplacement(marked.group(1) + text + marked.group(4));
            });
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new MpdpException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
