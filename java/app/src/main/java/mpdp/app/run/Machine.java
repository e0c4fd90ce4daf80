package mpdp.app.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What runs here: the program's version, and the machine under it. */
public final class Machine {
  private static final String COMMIT_PROPERTY = "mpdp.commit";
  private static final String UNKNOWN = "unknown";

  private Machine() {}

  /** The program's version; "development" where it does not run from its jar. */
  public static String version() {
    String version = Machine.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /**
   * The git commit of the checkout that the code was built in, with {@code -dirty} if changed; an
   * installation without sources says it by the property {@value #COMMIT_PROPERTY}.
   */
  public static String commit() {
    String installed = System.getProperty(COMMIT_PROPERTY, "");
    if (!installed.isEmpty()) {
      return installed;
    }
    try {
      CodeSource source = Machine.class.getProtectionDomain().getCodeSource();
      if (source == null) {
        return UNKNOWN;
      }
      Path code = Path.of(source.getLocation().toURI());
      Path folder = Files.isDirectory(code) ? code : code.getParent();
      if (folder == null) {
        return UNKNOWN;
      }
      Process git =
          new ProcessBuilder(
                  "git", "-C", folder.toString(), "describe", "--always", "--dirty", "--abbrev=40")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      git.getOutputStream().close();
      String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean done = git.waitFor(5, TimeUnit.SECONDS) && git.exitValue() == 0;
      return done && !answer.isBlank() ? answer.strip() : UNKNOWN;
    } catch (IOException | URISyntaxException e) {
      return UNKNOWN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNKNOWN;
    }
  }

  /** The operating system and its version. */
  public static String system() {
    return System.getProperty("os.name") + " " + System.getProperty("os.version");
  }

  /** The processor's name, or its architecture where the system does not tell. */
  public static String processor() {
    String architecture = System.getProperty("os.arch", UNKNOWN);
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(architecture);
    } catch (IOException e) {
      return architecture;
    }
  }

  static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return UNKNOWN;
    }
  }
}
