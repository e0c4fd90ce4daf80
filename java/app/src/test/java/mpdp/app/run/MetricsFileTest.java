package mpdp.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import mpdp.MpdpException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsFileTest {
  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = folder.resolve("metrics.csv");
  }

  private static SequencedMap<String, Double> row(String name, double value) {
    SequencedMap<String, Double> row = new LinkedHashMap<>();
    row.put(name, value);
    return row;
  }

  @Test
  void numbersReadBackExactlyAndMissingOnesAreEmpty() {
    MetricsFile metrics = MetricsFile.open(file, 0);
    metrics.append(1, row("a", Math.PI));
    metrics.append(2, row("a", Double.NaN));
    metrics.append(3, row("a", 3e-300));
    metrics.append(4, row("a", -7));
    assertThat(file).hasContent("env_steps,a\n1,3.141592653589793\n2,\n3,3.0E-300\n4,-7\n");
    assertThat(MetricsTable.read(file).column("a"))
        .containsExactly(Math.PI, Double.NaN, 3e-300, -7);
  }

  @Test
  void aNewColumnIsEmptyInTheRowsBefore() {
    MetricsFile metrics = MetricsFile.open(file, 0);
    metrics.append(1, row("a", 1));
    metrics.append(2, row("b", 2));
    assertThat(file).hasContent("env_steps,a,b\n1,1,\n2,,2\n");
  }

  @Test
  void openingCutsLaterRowsAndTheHalfWrittenOne() throws IOException {
    MetricsFile metrics = MetricsFile.open(file, 0);
    for (int step = 10; step <= 50; step += 10) {
      metrics.append(step, row("a", step));
    }
    Files.writeString(file, "60,6", StandardOpenOption.APPEND);
    MetricsFile.open(file, 30).append(40, row("a", 41));
    assertThat(file).hasContent("env_steps,a\n10,10\n20,20\n30,30\n40,41\n");
  }

  @Test
  void aFileCutWithinItsHeaderStartsAfresh() throws IOException {
    Files.writeString(file, "env_st");
    MetricsFile.open(file, 0).append(1, row("a", 1));
    assertThat(file).hasContent("env_steps,a\n1,1\n");
  }

  @Test
  void aForeignLineIsNamed() throws IOException {
    Files.writeString(file, "env_steps,a\n1,2\nhello\n");
    assertThatThrownBy(() -> MetricsTable.read(file))
        .isInstanceOf(MpdpException.class)
        .hasMessage(file + " line 3 does not fit its header; remove the line or the file");
  }
}
