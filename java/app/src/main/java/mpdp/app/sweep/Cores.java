package mpdp.app.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The processors that this process may use, dealt out to runs side by side.
 *
 * @param numbers as the system counts them, ascending
 */
public record Cores(List<Integer> numbers) {
  private static final String ALLOWED = "Cpus_allowed_list:";

  /** Those of this process; 0 to n - 1 where the system does not tell. */
  public static Cores available() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith(ALLOWED))
          .map(line -> parse(line.substring(ALLOWED.length()).strip()))
          .findFirst()
          .orElseGet(Cores::counted);
    } catch (IOException e) {
      return counted();
    }
  }

  /** Reads the system's notation, such as {@code 0-3,8}. */
  static Cores parse(String list) {
    List<Integer> numbers = new ArrayList<>();
    for (String part : list.split(",")) {
      String[] ends = part.split("-");
      int first = Integer.parseInt(ends[0]);
      int last = Integer.parseInt(ends[ends.length - 1]);
      IntStream.rangeClosed(first, last).forEach(numbers::add);
    }
    return new Cores(List.copyOf(numbers));
  }

  private static Cores counted() {
    int count = Runtime.getRuntime().availableProcessors();
    return new Cores(IntStream.range(0, count).boxed().toList());
  }

  /**
   * What goes before a command so that it keeps to the processors of its place: none shares one
   * with another while there are enough, else they share as evenly as can be.
   *
   * @param place which of the runs side by side, from 0
   * @param threads of a run
   */
  List<String> pinning(int place, int threads) {
    if (Installation.onPath("taskset") == null) {
      return List.of();
    }
    String list =
        IntStream.range(0, Math.min(threads, numbers.size()))
            .map(i -> numbers.get((int) (((long) place * threads + i) % numbers.size())))
            .sorted()
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(","));
    return List.of("taskset", "-c", list);
  }
}
