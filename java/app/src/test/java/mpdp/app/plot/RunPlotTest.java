package mpdp.app.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import javax.imageio.ImageIO;
import mpdp.app.run.Curve;
import mpdp.app.run.MetricsFile;
import mpdp.app.run.RunFolder;
import mpdp.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPlotTest {
  @TempDir Path folder;

  @Test
  void theBandIsMeanAndDeviationWhereAllRunsHaveValues() {
    Curve first = new Curve(new double[] {0, 10, 20}, new double[] {0, 10, 20});
    Curve second = new Curve(new double[] {5, 15}, new double[] {7, 17});
    Band band = Band.spread(List.of(first, second, new Curve(new double[0], new double[0])));
    assertThat(band.x()).containsExactly(5, 10, 15);
    assertThat(band.center()).containsExactly(6, 11, 16);
    assertThat(band.low()).containsExactly(5, 10, 15);
    assertThat(band.high()).containsExactly(7, 12, 17);
  }

  @Test
  void thePictureDecodesAndEachPanelShowsItsCurve() throws IOException {
    List<Path> runs = new ArrayList<>();
    for (int seed = 0; seed < 3; seed++) {
      Path run = folder.resolve("s" + seed);
      runs.add(run);
      RunFolder.create(run, Settings.defaults().with("task.id=Ant-v5"), "fake").close();
      MetricsFile metrics = MetricsFile.open(run.resolve("metrics.csv"), 0);
      for (int step = 100; step <= 1000; step += 100) {
        metrics.append(step, row(step, seed));
      }
    }
    Path file = folder.resolve("out.png");
    RunPlot.write(runs, file);
    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image).isNotNull();
    int width = image.getWidth() / 2;
    int height = image.getHeight() / 2;
    for (int panel = 0; panel < 4; panel++) {
      int left = panel % 2 * width;
      int top = panel / 2 * height;
      Set<Integer> columns = new HashSet<>();
      for (int x = left; x < left + width; x++) {
        for (int y = top; y < top + height; y++) {
          if ((image.getRGB(x, y) & 0xffffff) == 0x1f77b4) {
            columns.add(x);
          }
        }
      }
      assertThat(columns).as("width of the line in panel %d", panel).hasSizeGreaterThan(width / 2);
    }
  }

  private static SequencedMap<String, Double> row(int step, int seed) {
    SequencedMap<String, Double> row = new LinkedHashMap<>();
    row.put("eval_return", step + 100.0 * seed);
    row.put("mean_horizon", 2 + step / 500.0 + seed);
    row.put("mean_uncertainty", -4.0 - seed);
    row.put("model_nll_holdout", -step / 100.0);
    return row;
  }
}
