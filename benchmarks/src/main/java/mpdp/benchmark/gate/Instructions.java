package mpdp.benchmark.gate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mpdp.MpdpException;

/**
 * Instructions that a step's native ops take on one thread, counted by callgrind: the same number
 * whatever else the machine does.
 */
final class Instructions {
  private static final Pattern COLLECTED = Pattern.compile("Collected : (\\d+)");

  private final Path runner;

  /**
   * @param runner native/gate/run_calls.cpp, compiled
   */
  Instructions(Path runner) {
    this.runner = runner;
  }

  /** Whether callgrind is here. */
  static boolean available() {
    return List.of(System.getenv("PATH").split(":")).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "valgrind")));
  }

  /** Counts one step; empty where this version's ops cannot be dumped or run so. */
  OptionalLong count(Side side, Side.Open benchmark) {
    try {
      Path folder = Files.createTempDirectory("mpdp-gate");
      Path library = folder.resolve("libmpdp_cpu.so");
      Path dump = folder.resolve("calls");
      try {
        side.nativeLibrary(library);
        Object dumped = benchmark.facts().apply("dump " + dump);
        return dumped.equals(true) ? collected(callgrind(library, dump)) : OptionalLong.empty();
      } finally {
        Files.deleteIfExists(library);
        Files.deleteIfExists(dump);
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new MpdpException("cannot count instructions: " + e.getMessage(), e);
    }
  }

  private String callgrind(Path library, Path dump) throws IOException {
    Process process =
        new ProcessBuilder(
                "valgrind",
                "--tool=callgrind",
                "--callgrind-out-file=/dev/null",
                "--collect-atstart=no",
                "--toggle-collect=mpdp_run",
                runner.toString(),
                library.toString(),
                dump.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MpdpException("interrupted while counting instructions", e);
    }
    return output;
  }

  /** The count in callgrind's output; empty where it counted nothing. */
  static OptionalLong collected(String output) {
    Matcher matcher = COLLECTED.matcher(output);
    return matcher.find() && !matcher.group(1).equals("0")
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }
}
