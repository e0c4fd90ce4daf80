package mpdp.app.run;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.concurrent.TimeUnit;

/** The git commit of the checkout that the running code was built in. */
public final class Commit {
  private Commit() {}

  /** The commit's hash, with {@code -dirty} after local changes; "unknown" outside a checkout. */
  public static String current() {
    try {
      CodeSource source = Commit.class.getProtectionDomain().getCodeSource();
      if (source == null) {
        return "unknown";
      }
      Path code = Path.of(source.getLocation().toURI());
      Path folder = Files.isDirectory(code) ? code : code.getParent();
      if (folder == null) {
        return "unknown";
      }
      Process git =
          new ProcessBuilder(
                  "git", "-C", folder.toString(), "describe", "--always", "--dirty", "--abbrev=40")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      git.getOutputStream().close();
      String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean done = git.waitFor(5, TimeUnit.SECONDS) && git.exitValue() == 0;
      return done && !answer.isBlank() ? answer.strip() : "unknown";
    } catch (IOException | URISyntaxException e) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }
}
