package mpdp.backend.cuda;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Another JVM, for what a process can only do once: meet a driver. */
final class Child {
  private final List<String> flags = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private String classPath = System.getProperty("java.class.path");

  /** With the driver in {@code folder}. */
  Child driver(Path folder) {
    return set("LD_LIBRARY_PATH", folder.toString());
  }

  /** With an environment variable. */
  Child set(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** With a system property. */
  Child property(String name, String value) {
    flags.add("-D" + name + "=" + value);
    return this;
  }

  /** Without the jars whose file names contain {@code part}. */
  Child without(String part) {
    classPath =
        String.join(
            File.pathSeparator,
            Arrays.stream(classPath.split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).getFileName().toString().contains(part))
                .toList());
    return this;
  }

  /** Runs {@code main}; all that it printed, its exit code on the last line. */
  String run(Class<?> main, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx256m"));
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return output + "exit code " + process.waitFor();
  }
}
