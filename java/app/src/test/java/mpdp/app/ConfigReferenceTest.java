package mpdp.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import mpdp.settings.SettingsReference;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
  @Test
  void theReferenceInTheRepositoryIsTheGeneratedOne() {
    assertThat(root().resolve("docs/config.md"))
        .as("write it again with: ./mpdp config --out docs/config.md")
        .hasContent(SettingsReference.markdown());
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("pom.xml"))
        || !Files.isDirectory(folder.resolve("native"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
