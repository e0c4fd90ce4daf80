package mpdp.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links in the project's documents lead somewhere, and their lines can be read anywhere. */
class MarkdownTest {
  @TempDir Path folder;

  @Test
  void everyLinkLeadsToAFileAndAHeadingThatAreThere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path file : documents()) {
      broken.addAll(Markdown.read(file).brokenLinks());
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void noLineOfProseIsTooLong() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : documents()) {
      tooLong.addAll(Markdown.read(file).longLines());
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void linksToNothingAreFound() throws IOException {
    Files.writeString(folder.resolve("other.md"), "# A `B`, c\n## Same\n## Same\n");
    Markdown document =
        new Markdown(
            folder.resolve("one.md"),
            """
            # One
            [here](#one), [there](other.md#a-b-c), [second](other.md#same-1), `[code](no.md)`
            [file](no.md) and ![picture](no.png)
            [heading](#two) [theirs](other.md#same-2)
            ```
            [code](no.md)
            ```
            [web](https://example.org/#no)
            """);
    String at = folder.resolve("one.md").toString();
    assertThat(document.brokenLinks())
        .containsExactly(
            at + ":3: no.md", at + ":3: no.png", at + ":4: #two", at + ":4: other.md#same-2");
  }

  @Test
  void longLinesOfProseAreFound() {
    String full = "x".repeat(Markdown.WIDTH);
    Markdown document =
        new Markdown(
            Path.of("one.md"),
            "%1$s\n%1$sx\n| %1$s |\n[%2$s](%2$s)\n```\n%1$sx\n```\n"
                .formatted(full, "y".repeat(Markdown.WIDTH - 4)));
    assertThat(document.longLines()).containsExactly("one.md:2: 121 characters");
  }

  private static List<Path> documents() throws IOException {
    Path root = root();
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = String.valueOf(folder.getFileName());
            boolean ours = folder.equals(root) || !name.startsWith(".") && !name.equals("target");
            return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".md")) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(found).contains(root.resolve("README.md"), root.resolve("docs/results.md"));
    return found;
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(folder.resolve("docs/results.md"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}
