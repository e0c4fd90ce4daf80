package mpdp.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import mpdp.backend.Backend;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.env.TaskOptions;
import mpdp.env.Tasks;
import mpdp.plan.PolicyRunner;
import mpdp.random.RandomStream;
import mpdp.settings.Settings;
import mpdp.settings.SmallSettings;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Agents on a problem with a known answer: the state never changes, and the reward -4(a - 0.5)^2
 * says which action is best in all of them.
 */
class AgentTest {
  private static final int ROWS = 256;
  private static final int TRANSITION_WORDS = 9;
  private static final double BEST = 0.5;

  private static Settings settings(String algorithm, String preset, String... more) {
    List<String> keys =
        new ArrayList<>(
            List.of(
                "train.algorithm=" + algorithm,
                "train.replay-capacity=" + ROWS,
                "agent.batch=32",
                "agent.critic-width=32",
                "agent.policy-width=16",
                "agent.normalize-observations=false"));
    keys.addAll(List.of(more));
    return SmallSettings.of(preset, keys);
  }

  private static Agent agent(Backend backend, Settings settings) {
    return Agent.create(backend, settings, Tasks.spec("Pendulum-v1", TaskOptions.defaults()));
  }

  /** Replaces all experience. */
  private static void fill(Agent agent) {
    RandomStream random = new RandomStream(3, 0);
    for (int k = 0; k < ROWS; k++) {
      float first = (float) random.nextGaussian();
      float[] state = {first, (float) random.nextGaussian(), (float) random.nextGaussian()};
      float action = (float) (2 * random.nextDouble() - 1);
      agent
          .replay()
          .add(
              MemorySegment.ofArray(state),
              MemorySegment.ofArray(new float[] {action}),
              (float) (-4 * Math.pow(action - BEST, 2)),
              MemorySegment.ofArray(state),
              false);
    }
  }

  /** Spoils all experience behind the replay buffer's back. */
  private static void spoil(Agent agent) {
    float[] row = new float[TRANSITION_WORDS];
    Arrays.fill(row, Float.NaN);
    for (int k = 0; k < ROWS; k++) {
      agent.replay().ring().slice((long) k * TRANSITION_WORDS, TRANSITION_WORDS).write(row);
    }
  }

  private static void update(Agent agent, int count) {
    for (int k = 0; k < count; k++) {
      agent.update();
    }
  }

  /** pi_0's mean actions in states it has seen. */
  private static float[] actions(Agent agent) {
    float[] states = new float[3 * ROWS];
    for (int k = 0; k < ROWS; k++) {
      MemorySegment.copy(
          MemorySegment.ofArray(agent.replay().ring().slice(9L * k, 3).floats()),
          0,
          MemorySegment.ofArray(states),
          12L * k,
          12);
    }
    float[] actions = new float[ROWS];
    try (PolicyRunner actor = agent.controller(ROWS, true)) {
      actor.act(MemorySegment.ofArray(states), MemorySegment.ofArray(actions));
    }
    return actions;
  }

  private static double distance(float[] actions) {
    double sum = 0;
    for (float action : actions) {
      sum += Math.abs(action - BEST) / actions.length;
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource({"sac,fast,true", "mpdp,fast,true", "mpdp,paper,true", "mpdp,paper,false"})
  void findsTheBestAction(String algorithm, String preset, boolean uncertainty) {
    Settings settings =
        settings(
            algorithm,
            preset,
            "agent.sac-updates=0",
            "agent.alpha=0.001",
            "agent.alpha-learned=false",
            "agent.discount=0.5",
            "agent.critic-learning-rate=3e-3",
            "agent.policy-learning-rate=3e-3",
            "model.max-epochs=0",
            "model.max-steps=1500",
            "model.learning-rate=5e-3",
            "model.normalize-targets=true",
            "model.width=16",
            "plan.uncertainty=" + uncertainty,
            "plan.uncertainty-threshold=inf",
            "plan.penalty=0");
    try (Backend backend = new ReferenceBackend();
        Agent agent = agent(backend, settings)) {
      fill(agent);
      assertThat(distance(actions(agent))).as("before").isGreaterThan(0.25);
      agent.learnModel();
      update(agent, 800);
      SequencedMap<String, Double> metrics = agent.metrics();
      assertThat(distance(actions(agent))).as("after, %s", metrics).isLessThan(0.1);
      assertThat(metrics).containsEntry("skipped_updates", 0.0);
      assertThat(metrics.get("critic_loss")).isBetween(0.0, 0.5);
      assertThat(metrics.get("alpha")).isCloseTo(0.001, within(1e-6));
      assertThat(metrics.containsKey("mean_uncertainty"))
          .isEqualTo(algorithm.equals("mpdp") && uncertainty);
    }
  }

  @ParameterizedTest
  @CsvSource({"sac,2", "mpdp,4"})
  void skipsAndCountsUpdatesThatAreNotFinite(String algorithm, int optimizerSteps) {
    Settings settings = settings(algorithm, "fast", "agent.sac-updates=1");
    try (Backend backend = new ReferenceBackend();
        Agent agent = agent(backend, settings)) {
      fill(agent);
      spoil(agent);
      Map<String, float[]> before = trained(agent);
      assertThat(before).hasSizeGreaterThanOrEqualTo(4);
      update(agent, 3);
      assertThat(agent.metrics()).containsEntry("skipped_updates", 3.0 * optimizerSteps);
      Map<String, float[]> after = trained(agent);
      before.forEach(
          (name, values) -> {
            if (!name.endsWith(".target")) {
              assertThat(after.get(name)).as(name).isEqualTo(values);
            }
          });
      fill(agent);
      update(agent, 3);
      SequencedMap<String, Double> metrics = agent.metrics();
      assertThat(metrics).containsEntry("skipped_updates", 3.0 * optimizerSteps);
      assertThat(metrics.get("critic_loss")).as("it recovers").isFinite();
      trained(agent)
          .forEach(
              (name, values) -> {
                assertThat(values).as(name).doesNotContain(Float.NaN);
                assertThat(values).as(name + " moved").isNotEqualTo(before.get(name));
              });
    }
  }

  /** Parameters, targets and temperature by name. */
  private static Map<String, float[]> trained(Agent agent) {
    Map<String, float[]> values = new TreeMap<>();
    agent.visit(
        new StateVisitor() {
          @Override
          public void floats(String name, Buffer buffer) {
            if (name.matches(
                "policies\\.parameters|critics\\.(parameters|target)|temperature\\..*")) {
              values.put(name, buffer.floats());
            }
          }

          @Override
          public void integers(String name, Buffer buffer) {}

          @Override
          public void longs(String name, long[] values) {}
        });
    return values;
  }
}
