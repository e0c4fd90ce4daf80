package mpdp.app.plot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import mpdp.app.run.Curve;
import mpdp.app.run.MetricsTable;
import org.knowm.xchart.XYChart;

/**
 * One picture of the four: a quantity over environment steps, one line for each group of runs.
 *
 * @param title what is shown
 * @param columns columns of metrics.csv that hold it, the first with any value is taken
 */
record Panel(String title, List<String> columns) {
  /** Draws the groups, each a name and its runs. */
  XYChart draw(Map<String, List<MetricsTable>> groups) {
    SequencedMap<String, Band> bands = new LinkedHashMap<>();
    groups.forEach((name, runs) -> bands.put(name, band(runs)));
    return BandChart.draw(title, "environment steps", bands);
  }

  private Band band(List<MetricsTable> runs) {
    Band band = Band.spread(List.of());
    for (String column : columns) {
      if (band.isEmpty()) {
        band = Band.spread(runs.stream().map(run -> Curve.of(run, column)).toList());
      }
    }
    return band;
  }
}
