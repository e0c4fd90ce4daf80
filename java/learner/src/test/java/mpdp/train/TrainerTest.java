package mpdp.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import mpdp.MpdpException;
import mpdp.TestBackends;
import mpdp.backend.Backend;
import mpdp.backend.Backends;
import mpdp.checkpoint.Checkpoint;
import mpdp.checkpoint.Tensor;
import mpdp.plan.Policy;
import mpdp.settings.Settings;
import mpdp.settings.SmallSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A run's bits depend on its settings alone: not on chance, nor on being stopped and resumed. */
class TrainerTest {
  private static final long LAST = 180;

  @TempDir Path folder;

  static Stream<Arguments> runs() {
    Settings fast = SmallSettings.of("fast", List.of("agent.sac-updates=1"));
    Settings paper = SmallSettings.of("paper", List.of("train.environments=2"));
    Settings overlapped =
        SmallSettings.of("fast", List.of("train.overlap=true", "train.environments=2"));
    Settings elites =
        SmallSettings.of(
            "paper",
            List.of(
                "plan.uncertainty=false",
                "plan.uncertainty-threshold=inf",
                "plan.penalty=0",
                "plan.value-expansion=true"));
    Settings sac = SmallSettings.of("fast", List.of("train.algorithm=sac"));
    return TestBackends.names()
        .flatMap(
            name ->
                Stream.of(
                    Arguments.argumentSet("fast on " + name, name, fast),
                    Arguments.argumentSet("paper on " + name, name, paper),
                    Arguments.argumentSet("overlapped on " + name, name, overlapped),
                    Arguments.argumentSet("elites on " + name, name, elites),
                    Arguments.argumentSet("sac on " + name, name, sac)));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void sameSeedSameBits(String backend, Settings settings) throws IOException {
    NavigableMap<Long, Map<String, Double>> first = run(backend, settings, "first", null, LAST);
    NavigableMap<Long, Map<String, Double>> second = run(backend, settings, "second", null, LAST);
    assertThat(first.keySet()).containsExactly(40L, 80L, 100L, 120L, 160L, LAST);
    assertThat(first.get(LAST)).containsEntry("skipped_updates", 0.0);
    assertThat(first.get(LAST).get("critic_loss")).isFinite();
    assertThat(second).isEqualTo(first);
    assertThat(checkpoint("second", LAST)).hasSameBinaryContentAs(checkpoint("first", LAST));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void resumedFromACheckpointSameBits(String backend, Settings settings) throws IOException {
    NavigableMap<Long, Map<String, Double>> whole = run(backend, settings, "whole", null, LAST);
    assertResumes(backend, settings, whole, checkpoint("whole", 90), 90);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void stoppedAnywhereAndResumedSameBits(String backend, Settings settings) throws IOException {
    NavigableMap<Long, Map<String, Double>> whole = run(backend, settings, "whole", null, LAST);
    run(backend, settings, "part", null, 134);
    assertResumes(backend, settings, whole, checkpoint("part", 134), 134);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void sharesOfTheClockAreConsistent(String backend, Settings settings) throws IOException {
    Listener listener = train(backend, settings, "timed", null, LAST);
    assertThat(listener.shares).hasSize(6);
    for (Map<String, Double> row : listener.shares) {
      assertThat(row.values()).allSatisfy(share -> assertThat(share).isBetween(0.0, 1.0));
      double phases = sum(row, "act", "environment", "model", "update", "evaluate", "save");
      double kernels = row.get("kernel_share");
      double simulator = row.get("simulator_share");
      assertThat(phases).isLessThanOrEqualTo(1);
      assertThat(simulator).isPositive();
      if (!settings.train().overlap()) { // there, both go on at a time
        assertThat(kernels + simulator).isLessThanOrEqualTo(1);
        assertThat(simulator).isLessThanOrEqualTo(sum(row, "environment", "evaluate"));
      }
      if (!backend.equals("cuda")) { // there, storing a transition waits for kernels too
        assertThat(kernels).isLessThanOrEqualTo(sum(row, "act", "model", "update", "evaluate"));
      }
    }
    assertThat(listener.shares.getLast().get("kernel_share")).isPositive();
  }

  @Test
  void overlappedUpdatesSeeATransitionOneStepLater() throws IOException {
    Settings plain = SmallSettings.of("fast", List.of());
    Settings overlapped = SmallSettings.of("fast", List.of("train.overlap=true"));
    NavigableMap<Long, Map<String, Double>> now = run("reference", plain, "now", null, 80);
    NavigableMap<Long, Map<String, Double>> later = run("reference", overlapped, "later", null, 80);
    // Same episodes while acting at random; the first updates draw from 39 transitions, not 40.
    assertThat(later.get(40L).get("train_return")).isEqualTo(now.get(40L).get("train_return"));
    assertThat(later.get(80L).keySet()).isEqualTo(now.get(80L).keySet());
    assertThat(later.get(80L).get("critic_loss")).isNotEqualTo(now.get(80L).get("critic_loss"));
    assertThat(later.get(80L).get("model_steps")).isEqualTo(now.get(80L).get("model_steps"));
  }

  @Test
  void failedStepsAreCountedOnceOverAResume() throws IOException {
    Settings settings = SmallSettings.of("fast", List.of("train.updates-per-step=1e-6"));
    run("reference", settings, "sound", null, 50);
    Path poisoned = poisoned(checkpoint("sound", 50));
    run("reference", settings, "failing", poisoned, 100);
    Path failing = checkpoint("failing", 100);
    assertThat(run("reference", settings, "resumed", failing, 120).get(120L))
        .containsEntry("blow_ups", 120.0 - 50);
  }

  /** The checkpoint with policies whose actions are not numbers, so that every step fails. */
  private Path poisoned(Path file) {
    Checkpoint sound = Checkpoint.read(file);
    Checkpoint poisoned = new Checkpoint();
    sound.metadata().forEach(poisoned::put);
    for (String name : sound.names()) {
      Tensor tensor = sound.tensor(name);
      if (name.equals("agent.policies.parameters")) {
        float[] values = sound.floats(name);
        Arrays.fill(values, Float.NaN);
        poisoned.add(name, tensor.shape(), values);
      } else {
        poisoned.add(name, tensor.type(), tensor.shape(), tensor.data());
      }
    }
    Path result = folder.resolve("poisoned.safetensors");
    poisoned.write(result);
    return result;
  }

  private static double sum(Map<String, Double> row, String... phases) {
    return Stream.of(phases).mapToDouble(phase -> row.get(phase + "_share")).sum();
  }

  /** Such a run cannot end with the bits it would have had. */
  @Test
  void aCheckpointOfAnotherNumberingOfDrawsIsRefused() throws IOException {
    Settings settings = SmallSettings.of("fast", List.of());
    run("reference", settings, "whole", null, LAST);
    Checkpoint written = Checkpoint.read(checkpoint("whole", LAST));
    Checkpoint earlier = new Checkpoint();
    for (String name : written.names()) {
      Tensor tensor = written.tensor(name);
      earlier.add(name, tensor.type(), tensor.shape(), tensor.data());
    }
    written.metadata().entrySet().stream()
        .filter(entry -> !entry.getKey().equals("draws"))
        .forEach(entry -> earlier.put(entry.getKey(), entry.getValue()));
    Path file = folder.resolve("step-000000180.safetensors");
    earlier.write(file);
    assertThatThrownBy(() -> run("reference", settings, "rest", file, LAST))
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining("draws had another numbering");
    try (Backend backend = Backends.open("reference", 1);
        Policy policy = Policy.load(backend, Checkpoint.read(file), 1)) {
      assertThat(policy.act(new float[] {1, 0, 0})).doesNotContain(Float.NaN);
    }
  }

  private void assertResumes(
      String backend,
      Settings settings,
      NavigableMap<Long, Map<String, Double>> whole,
      Path from,
      long step)
      throws IOException {
    NavigableMap<Long, Map<String, Double>> rest = run(backend, settings, "rest", from, LAST);
    assertThat(rest).isEqualTo(whole.tailMap(step, false));
    assertThat(checkpoint("rest", LAST)).hasSameBinaryContentAs(checkpoint("whole", LAST));
  }

  private Path checkpoint(String run, long step) {
    Path file = folder.resolve(run).resolve("step-%09d.safetensors".formatted(step));
    assertThat(file).isRegularFile();
    return file;
  }

  /** Trains until {@code stopAt}; the rows of metrics without what depends on the clock. */
  private NavigableMap<Long, Map<String, Double>> run(
      String backend, Settings settings, String run, @Nullable Path resumed, long stopAt)
      throws IOException {
    return train(backend, settings, run, resumed, stopAt).rows;
  }

  private Listener train(
      String backend, Settings settings, String run, @Nullable Path resumed, long stopAt)
      throws IOException {
    Listener listener = new Listener(stopAt);
    try (Backend engine = Backends.open(backend, 2);
        Trainer trainer = Trainer.create(settings, engine, listener)) {
      listener.trainer = trainer;
      if (resumed != null) {
        trainer.restore(resumed);
      }
      trainer.run(Files.createDirectories(folder.resolve(run)));
      assertThat(trainer.step()).isEqualTo(stopAt);
    }
    return listener;
  }

  private static final class Listener implements TrainListener {
    final NavigableMap<Long, Map<String, Double>> rows = new TreeMap<>();
    final List<Map<String, Double>> shares = new ArrayList<>();
    private final long stopAt;
    private @Nullable Trainer trainer;

    Listener(long stopAt) {
      this.stopAt = stopAt;
    }

    @Override
    public void row(long step, SequencedMap<String, Double> metrics) {
      Map<String, Double> timeless = new LinkedHashMap<>(metrics);
      timeless.keySet().removeIf(name -> name.matches("wall_s|.*_per_s|.*_share"));
      rows.put(step, timeless);
      Map<String, Double> timed = new LinkedHashMap<>(metrics);
      timed.keySet().removeIf(name -> !name.endsWith("_share"));
      shares.add(timed);
    }

    @Override
    public void progress(long step) {
      if (step >= stopAt && trainer != null) {
        trainer.stop();
      }
    }
  }
}
