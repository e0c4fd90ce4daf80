package mpdp.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.op.Draws;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.model.DynamicsEnsemble;
import mpdp.rollout.HandMadeModel;
import mpdp.rollout.TerminationBounds;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.Test;

/** What trajectory sampling draws, seen through elites that disagree: one adds 1, the other 0. */
class ParticleRolloutTest {
  private static final int HORIZON = 4;
  private static final int CANDIDATES = 3;
  private static final int PARTICLES = 40;

  private final Backend backend = new ReferenceBackend();
  private final TensorArena arena = backend.arena("test");

  /** Pays p' = p + (elite 0: 1, elite 1: 0) + a and ends at p' > {@code high}. */
  private float[] returns(boolean keepMember, float high, float... actions) {
    DynamicsEnsemble dynamics =
        new HandMadeModel(1, 1, 2).of(0, 1).change(0, 1).of(1, 1).change(1, 1).build(arena, 1e-6);
    var shape = dynamics.network().shape();
    float[] bias = {1, 1};
    dynamics
        .network()
        .parameters()
        .slice(shape.bias(1) + (long) HandMadeModel.ELITES[0] * shape.outputs(), 2)
        .write(bias);
    Buffer low = arena.allocate(1);
    low.write(-100f);
    Buffer limit = arena.allocate(1);
    limit.write(high);
    PlanModel model =
        new PlanModel(dynamics, new TerminationBounds(low, limit, true), null, null, 1);
    Sampling sampling =
        new Sampling(CANDIDATES, HORIZON, 1, PARTICLES, 1, 0, 0, 0, 0, 0, keepMember, false);
    Buffer observation = arena.allocate(1);
    Buffer sequence = arena.allocate(HORIZON * CANDIDATES);
    float[] same = new float[HORIZON * CANDIDATES];
    for (int i = 0; i < same.length; i++) {
      same[i] = actions[i % CANDIDATES];
    }
    sequence.write(same);
    Buffer random = arena.allocate(Draws.WORDS);
    random.write(1, 2, 3, 4);
    ParticleRollout rollout = new ParticleRollout(arena, model, sampling, observation, sequence);
    try (Program program = backend.record("rollout", r -> rollout.record(r, random))) {
      program.run();
    }
    return rollout.objective().floats();
  }

  /** Distinct returns of one candidate, rounded. */
  private static Set<Long> distinct(float[] returns, int candidate) {
    Set<Long> values = new TreeSet<>();
    for (int p = 0; p < PARTICLES; p++) {
      values.add(Math.round((double) returns[p * CANDIDATES + candidate]));
    }
    return values;
  }

  @Test
  void aParticleThatKeepsItsMemberGoesItsWayToTheEnd() {
    float[] returns = returns(true, 1e6f, 0, 0, 0);
    assertThat(distinct(returns, 0)).containsExactly(0L, 1L + 2 + 3 + 4);
  }

  @Test
  void otherwiseEveryStepDrawsAMember() {
    // 16 paths of +0 and +1, which pay 4, 3, 2 and 1 for a step up.
    float[] returns = returns(false, 1e6f, 0, 0, 0);
    assertThat(distinct(returns, 0)).hasSizeBetween(8, 11);
  }

  @Test
  void everyRowTakesItsOwnCandidatesActions() {
    float[] returns = returns(true, 1e6f, 0, 10, -20);
    assertThat(distinct(returns, 1)).containsExactly(100L, 110L);
    assertThat(distinct(returns, 2)).containsExactly(-200L, -190L);
  }

  @Test
  void aParticleIsPaidForItsLastStepAndNoMore() {
    float[] returns = returns(true, 1.5f, 0, 1, 2);
    assertThat(distinct(returns, 0)).as("ends above 1.5").containsExactly(0L, 1L + 2);
    assertThat(distinct(returns, 1)).containsExactly(2L, 1L + 2);
    assertThat(distinct(returns, 2)).containsExactly(2L, 3L);
  }
}
