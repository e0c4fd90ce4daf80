package mpdp.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mpdp.backend.Backend;
import mpdp.backend.Backends;
import mpdp.settings.Settings;
import mpdp.settings.SmallSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/runs.md names the columns of metrics.csv, all of them and no other. */
class MetricsColumnsTest {
  @TempDir Path folder;

  @Test
  void everyColumnIsDocumented() throws IOException {
    Set<String> written = new TreeSet<>(Set.of("env_steps"));
    TrainListener listener =
        new TrainListener() {
          @Override
          public void row(long step, SequencedMap<String, Double> metrics) {
            written.addAll(metrics.keySet());
          }
        };
    Settings settings = SmallSettings.of("fast", List.of("plan.value-expansion=true"));
    try (Backend backend = Backends.open("reference", 1);
        Trainer trainer = Trainer.create(settings, backend, listener)) {
      trainer.run(folder);
    }
    assertThat(documented()).isEqualTo(written);
  }

  private static Set<String> documented() throws IOException {
    String section = Files.readString(root().resolve("docs/runs.md")).split("\n## ")[1];
    Pattern name = Pattern.compile("`([a-z_]+)`");
    return section
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.substring(0, line.indexOf(" | ")))
        .flatMap(cell -> name.matcher(cell).results().map((MatchResult found) -> found.group(1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("docs/decisions"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
