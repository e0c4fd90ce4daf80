package mpdp.app.sweep;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to start this very program once more: the same JVM, flags and class path, so that runs which
 * begin later are of the build that began the campaign, whatever becomes of the sources.
 */
public final class Installation {
  private static final String MAIN = "mpdp.app.Main";

  private Installation() {}

  /**
   * The command line up to the arguments of {@code mpdp}.
   *
   * @param flags more flags for the JVM
   */
  public static List<String> command(List<String> flags) {
    List<String> command = new ArrayList<>(keepingBuild());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    return command;
  }

  /**
   * The launcher removes older builds whose folder nobody holds a shared lock on; a process takes
   * that lock by itself, since it may outlive the one that starts it.
   */
  private static List<String> keepingBuild() {
    Path jar = Path.of(System.getProperty("java.class.path").split(File.pathSeparator)[0]);
    Path folder = jar.toAbsolutePath().getParent();
    return folder != null && Files.isRegularFile(jar) && onPath("flock") != null
        ? List.of("flock", "--shared", "--no-fork", folder.toString())
        : List.of();
  }

  /** The program of that name on the PATH, or null. */
  static @Nullable Path onPath(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path file = Path.of(folder.isEmpty() ? "." : folder, program);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    return null;
  }
}
