package mpdp.benchmark.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mpdp.MpdpException;
import mpdp.UsageException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentsTest {
  @TempDir Path checkout;

  /** A copy of the checkout's documents and results. */
  @BeforeEach
  void copy() throws IOException {
    for (String name : Documents.FILES) {
      copy(Path.of(name));
    }
    try (Stream<Path> files = Files.walk(root().resolve("benchmarks/results"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        copy(root().relativize(file));
      }
    }
  }

  private void copy(Path name) throws IOException {
    Path target = checkout.resolve(name);
    Files.createDirectories(target.getParent());
    Files.copy(root().resolve(name), target);
  }

  @Test
  void theTablesInTheRepositoryAreTheGeneratedOnes() {
    Set<String> tables = new HashSet<>();
    for (String name : Documents.FILES) {
      String document = Documents.read(root().resolve(name));
      assertThat(document)
          .as("%s: write it again with: ./mpdp bench --tables .", name)
          .isEqualTo(Documents.rewritten(document, root(), tables));
    }
    assertThat(tables)
        .containsExactlyInAnyOrder(
            "cpu-networks",
            "cpu-peers",
            "cpu-programs",
            "gpu-programs",
            "gpu-summary",
            "opencl-programs",
            "xeon-peers",
            "xeon-programs");
  }

  /** The first row of SacUpdate: on the cpu back end. */
  private static String sacUpdate(String document) {
    return document.lines().filter(l -> l.startsWith("| SacUpdate 2 x 256")).findFirst().get();
  }

  @Test
  void anotherResultChangesItsCellsAndNothingElse() throws IOException {
    assertThat(write()).isEqualTo("README.md: up to date\ndocs/results.md: up to date\n");
    Path result = checkout.resolve("benchmarks/results/epyc-avx512-2core/sac-update-1.json");
    String measured = Files.readString(result);
    String before = Documents.read(checkout.resolve("docs/results.md"));
    String row = sacUpdate(before);
    Matcher median = Pattern.compile("\"50\\.0\" : [\\d.]+").matcher(measured); // of one thread
    assertThat(median.find()).isTrue();
    Files.writeString(result, measured.replace(median.group(), "\"50.0\" : 52.0"));
    assertThat(write()).isEqualTo("README.md: up to date\ndocs/results.md: written\n");
    String after = Documents.read(checkout.resolve("docs/results.md"));
    String[] cells = row.split(" \\| ");
    String[] written = sacUpdate(after).split(" \\| ");
    assertThat(written[1]).isEqualTo("52.0").isNotEqualTo(cells[1]);
    cells[1] = "52.0";
    cells[5] = written[5]; // how many times faster two threads are
    assertThat(written).isEqualTo(cells);
    assertThat(after).isEqualTo(before.replace(row, sacUpdate(after)));
  }

  @Test
  void aMissingResultIsNamed() throws IOException {
    Files.delete(checkout.resolve("benchmarks/results/epyc-avx512-2core/plan-1.json"));
    assertThatThrownBy(this::write)
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining("0 results of Plan")
        .hasMessageContaining("epyc-avx512-2core");
  }

  @Test
  void aTableWithoutAPlaceIsMissed() throws IOException {
    Path readme = checkout.resolve("README.md");
    Files.writeString(readme, Files.readString(readme).replace("<!-- end of table -->", ""));
    assertThatThrownBy(this::write)
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining(
            "[cpu-networks, cpu-programs, cpu-peers, xeon-programs, xeon-peers, opencl-programs,"
                + " gpu-programs]")
        .hasMessageContaining("gpu-summary");
  }

  @Test
  void anUnknownTableIsRefused() throws IOException {
    Path readme = checkout.resolve("README.md");
    Files.writeString(readme, Files.readString(readme).replace("table gpu-summary", "table gpus"));
    assertThatThrownBy(this::write)
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining("no table gpus");
  }

  @Test
  void aFolderThatIsNoCheckoutIsWrongUse() {
    Path docs = checkout.resolve("docs");
    assertThatThrownBy(() -> Documents.write(docs, new PrintWriter(new StringWriter())))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("no checkout");
  }

  private String write() {
    StringWriter told = new StringWriter();
    Documents.write(checkout, new PrintWriter(told));
    return told.toString();
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("benchmarks/results"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
