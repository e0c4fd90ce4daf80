package mpdp.app.plot;

import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.app.run.RunFiles;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws bands, and writes charts as one picture. */
public final class BandChart {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 500;
  private static final Color[] COLORS = {
    new Color(0x1f77b4), new Color(0xd62728), new Color(0x2ca02c), new Color(0x9467bd),
    new Color(0xff7f0e), new Color(0x8c564b), new Color(0x17becf), new Color(0x7f7f7f)
  };

  private BandChart() {}

  /**
   * A chart of bands by the names in its legend; an empty band keeps its colour and is not drawn.
   */
  public static XYChart draw(String title, String xAxis, SequencedMap<String, Band> bands) {
    XYChart chart =
        new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).xAxisTitle(xAxis).build();
    chart.getStyler().setLegendPosition(LegendPosition.InsideNW);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setDecimalPattern("#,##0.##");
    int index = 0;
    for (var band : bands.entrySet()) {
      if (!band.getValue().isEmpty()) {
        draw(chart, band.getKey(), band.getValue(), COLORS[index % COLORS.length]);
      }
      index++;
    }
    return chart;
  }

  private static void draw(XYChart chart, String name, Band band, Color color) {
    int n = band.x().length;
    // The outline of the band: along the upper edge, back along the lower one.
    double[] x = new double[2 * n];
    double[] y = new double[2 * n];
    for (int i = 0; i < n; i++) {
      x[i] = band.x()[i];
      y[i] = band.high()[i];
      x[2 * n - 1 - i] = band.x()[i];
      y[2 * n - 1 - i] = band.low()[i];
    }
    XYSeries spread = chart.addSeries(name + " spread", x, y);
    spread.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    spread.setFillColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 50));
    spread.setLineColor(new Color(0, 0, 0, 0));
    spread.setMarker(SeriesMarkers.NONE);
    spread.setShowInLegend(false);
    XYSeries line = chart.addSeries(name, band.x(), band.center());
    line.setLineColor(color);
    line.setMarker(n == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    line.setMarkerColor(color);
  }

  /**
   * Refuses a picture's name before there is work for it.
   *
   * @throws UsageException if the name is no .png
   */
  public static void requirePng(Path file) {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
      throw new UsageException("--out " + file + " is not a .png; only PNG can be written");
    }
  }

  /**
   * Writes charts as one PNG.
   *
   * @throws MpdpException if there are no fonts here, or the file cannot be written
   */
  public static void write(List<XYChart> charts, int rows, int columns, Path file) {
    try {
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      BitmapEncoder.saveBitmap(charts, rows, columns, png, BitmapEncoder.BitmapFormat.PNG);
      RunFiles.write(file, png.toByteArray());
    } catch (IOException e) {
      throw new MpdpException("cannot draw " + file + ": " + RunFiles.reason(e), e);
    }
  }
}
