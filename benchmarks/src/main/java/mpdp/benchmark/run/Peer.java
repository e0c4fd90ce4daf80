package mpdp.benchmark.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import mpdp.MpdpException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** One way of running a comparator, and what it measured. One that failed once stays failed. */
final class Peer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final List<String> command;
  private final String asked;
  private final @Nullable LineProcess process;
  private final List<Double> rates = new ArrayList<>();
  private final SequencedMap<String, Object> told = new LinkedHashMap<>();
  private @Nullable String failure;
  private boolean ready;

  /**
   * Starts it; it gets ready while others do.
   *
   * @param threads of its BLAS
   * @param command python, script and options
   * @param way more options: how it is to run
   */
  Peer(int threads, List<String> command, List<String> way) {
    this.command = Stream.concat(command.stream(), way.stream()).toList();
    this.asked = String.join(" ", way).replace("--mode ", "").replace("--", "");
    LineProcess started = null;
    try {
      List<String> serving = new ArrayList<>(this.command);
      serving.add("--serve");
      started = new LineProcess(threads, serving);
    } catch (MpdpException e) {
      failure = e.getMessage();
    }
    process = started;
  }

  /** Waits until it is compiled and has taken its first steps. */
  void await() {
    if (!ready) {
      ready = true;
      listen();
    }
  }

  /** Takes one measurement. */
  void measure() {
    await();
    if (failure == null && process != null) {
      try {
        process.ask();
      } catch (MpdpException e) {
        failure = e.getMessage();
        return;
      }
      listen();
      if (failure == null && told.get("units_per_s") instanceof Number rate) {
        rates.add(rate.doubleValue());
      }
    }
  }

  private void listen() {
    if (failure != null || process == null) {
      return;
    }
    try {
      told.putAll(JSON.readValue(process.answer(), new TypeReference<Map<String, Object>>() {}));
    } catch (MpdpException | JacksonException e) {
      failure = e.getMessage();
      // It must not go on beside what is measured next.
      process.close();
    }
  }

  /** Units per second of the median measurement, or NaN. */
  double rate() {
    return failure != null || rates.isEmpty() ? Double.NaN : Peers.median(rates);
  }

  /** Whether it ran at all. */
  boolean works() {
    return !Double.isNaN(rate());
  }

  List<String> command() {
    return command;
  }

  /** How it ran: mode, variant and precision; or why it did not. */
  String how() {
    if (!works()) {
      return (asked + " failed: " + failure).strip();
    }
    StringBuilder text = new StringBuilder(told("mode"));
    if (told.containsKey("variant")) {
      text.append(' ').append(told("variant"));
    }
    text.append(' ').append(told("precision"));
    if (told.containsKey("failed")) {
      text.append(", after ").append(told("failed"));
    }
    return text.toString();
  }

  private String told(String key) {
    return String.valueOf(told.get(key));
  }

  /**
   * What it told of itself, its median rate and that of its best round, and how many times faster
   * ours are.
   */
  SequencedMap<String, Object> json(double ours, double ourBest) {
    SequencedMap<String, Object> json = new LinkedHashMap<>(told);
    json.put("how", how());
    json.remove("units_per_s");
    if (works()) {
      json.put("units_per_s", rate());
      json.put("ratio", ours / rate());
      json.put("best_units_per_s", Collections.max(rates));
      json.put("best_ratio", ourBest / Collections.max(rates));
    }
    return json;
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
  }
}
