package mpdp.benchmark.run;

import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * One benchmark with one value for each of its parameters.
 *
 * @param benchmark JMH's name: class and method
 */
public record Variant(String benchmark, SequencedMap<String, String> parameters) {
  /** The benchmark's class. */
  public String type() {
    return benchmark.substring(0, benchmark.lastIndexOf('.'));
  }

  /** The benchmark's class without its package. */
  String name() {
    String type = type();
    return type.substring(type.lastIndexOf('.') + 1);
  }

  /** The benchmark's method. */
  String method() {
    return benchmark.substring(benchmark.lastIndexOf('.') + 1);
  }

  /** The name, with the method where a class has several; {@code run} goes without saying. */
  public String title() {
    return method().equals("run") ? name() : name() + "." + method();
  }

  /** The parameters on one line. */
  public String settings() {
    return parameters.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }
}
