package mpdp.app.plot;

import java.awt.Color;
import java.util.List;
import java.util.Map;
import mpdp.app.run.MetricsTable;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * One picture of the four: a quantity over environment steps, one line for each group of runs.
 *
 * @param title what is shown
 * @param columns columns of metrics.csv that hold it, the first with any value is taken
 */
record Panel(String title, List<String> columns) {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 500;
  private static final Color[] COLORS = {
    new Color(0x1f77b4), new Color(0xd62728), new Color(0x2ca02c), new Color(0x9467bd),
    new Color(0xff7f0e), new Color(0x8c564b), new Color(0x17becf), new Color(0x7f7f7f)
  };

  /** Draws the groups, each a name and its runs. */
  XYChart draw(Map<String, List<MetricsTable>> groups) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("environment steps")
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.InsideNW);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setDecimalPattern("#,##0.##");
    int index = 0;
    for (var group : groups.entrySet()) {
      draw(chart, group.getKey(), band(group.getValue()), COLORS[index % COLORS.length]);
      index++;
    }
    return chart;
  }

  private Band band(List<MetricsTable> runs) {
    Band band = Band.of(List.of());
    for (String column : columns) {
      if (band.isEmpty()) {
        band = Band.of(runs.stream().map(run -> Curve.of(run, column)).toList());
      }
    }
    return band;
  }

  private static void draw(XYChart chart, String name, Band band, Color color) {
    int n = band.steps().length;
    if (n == 0) {
      return;
    }
    // The outline of the spread: along the upper edge, back along the lower one.
    double[] x = new double[2 * n];
    double[] y = new double[2 * n];
    for (int i = 0; i < n; i++) {
      x[i] = band.steps()[i];
      y[i] = band.mean()[i] + band.deviation()[i];
      x[2 * n - 1 - i] = band.steps()[i];
      y[2 * n - 1 - i] = band.mean()[i] - band.deviation()[i];
    }
    XYSeries spread = chart.addSeries(name + " spread", x, y);
    spread.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    spread.setFillColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 50));
    spread.setLineColor(new Color(0, 0, 0, 0));
    spread.setMarker(SeriesMarkers.NONE);
    spread.setShowInLegend(false);
    XYSeries line = chart.addSeries(name, band.steps(), band.mean());
    line.setLineColor(color);
    line.setMarker(n == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    line.setMarkerColor(color);
  }
}
