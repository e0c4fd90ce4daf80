package mpdp.agent;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import mpdp.backend.Recorder;
import mpdp.backend.op.Metric;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/** Means that accumulate on the device and are read once per log interval. */
final class Metrics {
  private static final int SLOT = 2;
  private static final int CAPACITY = 32;

  private final Buffer slots;
  private final Map<String, Integer> names = new LinkedHashMap<>();

  Metrics(TensorArena arena) {
    slots = arena.allocate(SLOT * CAPACITY);
  }

  /** Adds an op that contributes the mean of {@code rows} values at each run. */
  void add(Recorder recorder, String name, int rows, Buffer values, @Nullable Buffer count) {
    int slot = names.computeIfAbsent(name, key -> names.size());
    if (slot >= CAPACITY) {
      throw new IllegalStateException("more than " + CAPACITY + " metrics");
    }
    recorder.add(new Metric(rows, values, count, slots.slice((long) SLOT * slot, SLOT)));
  }

  /** The mean of each metric since the last call (NaN where nothing was added), then zero. */
  SequencedMap<String, Double> drain() {
    float[] values = slots.floats();
    SequencedMap<String, Double> means = new LinkedHashMap<>();
    names.forEach(
        (name, slot) -> means.put(name, (double) values[SLOT * slot] / values[SLOT * slot + 1]));
    slots.write(new float[SLOT * CAPACITY]);
    return means;
  }

  void visit(StateVisitor visitor) {
    visitor.floats("metrics", slots);
  }
}
