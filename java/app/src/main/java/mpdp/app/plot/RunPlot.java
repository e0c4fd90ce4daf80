package mpdp.app.plot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import mpdp.UsageException;
import mpdp.app.run.MetricsTable;
import mpdp.app.run.RunFolder;
import mpdp.settings.Settings;

/** Draws runs: return, mean horizon, uncertainty and model loss over environment steps. */
public final class RunPlot {
  private static final List<Panel> PANELS =
      List.of(
          new Panel("return", List.of("eval_return", "train_return")),
          new Panel("mean horizon", List.of("mean_horizon")),
          new Panel("mean uncertainty", List.of("mean_uncertainty")),
          new Panel("model loss on the holdout", List.of("model_nll_holdout")));

  private RunPlot() {}

  /**
   * Writes a PNG. Runs of the same task, algorithm and preset become one line, their mean, in a
   * band one standard deviation wide on each side.
   *
   * @throws UsageException if a folder is no run or has no metrics yet, or the name is no .png
   * @throws mpdp.MpdpException if there are no fonts here, or the file cannot be written
   */
  public static void write(List<Path> runs, Path file) {
    BandChart.requirePng(file);
    SequencedMap<String, List<MetricsTable>> groups = group(runs);
    Fonts.require();
    BandChart.write(PANELS.stream().map(panel -> panel.draw(groups)).toList(), 2, 2, file);
  }

  private static SequencedMap<String, List<MetricsTable>> group(List<Path> runs) {
    SequencedMap<String, List<MetricsTable>> groups = new LinkedHashMap<>();
    for (Path run : runs) {
      Settings settings = RunFolder.settings(run);
      Path metrics = run.resolve("metrics.csv");
      if (!Files.exists(metrics)) {
        throw new UsageException(run + " has no metrics yet; wait for its first row");
      }
      String algorithm = settings.train().algorithm().name().toLowerCase(Locale.ROOT);
      String name = settings.task().id() + " " + algorithm + " (" + settings.train().preset() + ")";
      groups.computeIfAbsent(name, key -> new ArrayList<>()).add(MetricsTable.read(metrics));
    }
    return groups;
  }
}
