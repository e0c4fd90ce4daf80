package mpdp.plan;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.Recorder;
import mpdp.backend.op.RolloutAdvance;
import mpdp.backend.op.RolloutObjective;
import mpdp.rollout.RolloutRows;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * The returns of action sequences by trajectory sampling: every candidate is rolled out by several
 * particles, each through one elite at a time. Rows are compacted after each step, so a particle
 * that reached a terminal state earns nothing and costs nothing.
 */
final class ParticleRollout {
  private final PlanModel model;
  private final Sampling sampling;
  private final Buffer observation;
  private final Buffer sequence;
  private final PlanEnd end;
  private final List<RoutedStep> steps = new ArrayList<>();
  private final Ring[] rings = new Ring[2];
  private final Buffer done;
  private final Buffer child;
  private final Buffer zeros;
  private final Buffer unused;

  /** What one step leaves to the next one. */
  private record Ring(Buffer state, RolloutRows rows) {}

  /**
   * @param observation (states): where all particles start
   * @param sequence (horizon, candidates, actions)
   */
  ParticleRollout(
      TensorArena arena, PlanModel model, Sampling sampling, Buffer observation, Buffer sequence) {
    this.model = model;
    this.sampling = sampling;
    this.observation = observation;
    this.sequence = sequence;
    int rows = sampling.rows();
    long words = (long) rows * model.states();
    this.end = PlanEnd.of(arena, model, rows, arena.allocate(words), sampling.valued(), tailSite());
    for (int i = 0; i < rings.length; i++) {
      rings[i] = new Ring(arena.allocate(words), RolloutRows.compacted(arena, rows));
    }
    RoutedStep first = step(arena, null);
    RoutedStep later = sampling.keepMember() ? step(arena, first.members()) : first;
    for (int h = 0; h < sampling.horizon(); h++) {
      steps.add(h == 0 ? first : later);
    }
    this.done = arena.allocate(rows);
    this.child = arena.allocate(rows);
    this.zeros = arena.allocate(rows);
    this.unused = arena.allocate(rows);
  }

  private RoutedStep step(TensorArena arena, @Nullable Buffer kept) {
    return new RoutedStep(
        arena,
        model.dynamics(),
        sampling.rows(),
        sampling.candidates(),
        sampling.particles() > 1,
        kept);
  }

  /** Draw sites from 1 on; site 0 is free for the sequences. */
  private int site(int h) {
    return 1 + RoutedStep.SITES * h;
  }

  private int tailSite() {
    return site(sampling.horizon());
  }

  /** (particles, candidates): the return of each rollout, after {@link #record}. */
  Buffer objective() {
    return end.objective();
  }

  void record(Recorder recorder, Buffer random) {
    long stepWords = (long) sampling.candidates() * model.actions();
    RolloutRows rows = RolloutRows.all(sampling.rows());
    Buffer state = observation;
    end.begin(recorder);
    for (int h = 0; h < sampling.horizon(); h++) {
      RoutedStep step = steps.get(h);
      Ring to = rings[h % 2];
      Buffer actions = sequence.slice(h * stepWords, stepWords);
      RolloutRows taken = step.record(recorder, rows, state, h == 0, actions, random, site(h));
      score(recorder, step, h, taken, to);
      rows = to.rows();
      state = to.state();
    }
    end.finish(recorder, random);
  }

  private void score(Recorder recorder, RoutedStep step, int h, RolloutRows rows, Ring to) {
    int roots = sampling.rows();
    double discount = Math.pow(model.discount(), h);
    model.termination().test(recorder, rows, step.next(), done);
    // Without log-probabilities and a temperature the objective is the return.
    recorder.add(
        new RolloutObjective(
            rows.capacity(),
            roots,
            (float) discount,
            0,
            step.reward(),
            zeros,
            null,
            zeros,
            rows.root(),
            rows.count(),
            end.objective(),
            unused,
            unused,
            null));
    recorder.add(
        new RolloutAdvance(
            rows.capacity(),
            roots,
            model.states(),
            h,
            h == sampling.horizon() - 1,
            Float.POSITIVE_INFINITY,
            (float) (discount * model.discount()),
            step.next(),
            null,
            done,
            rows.root(),
            rows.count(),
            child,
            to.rows().requireCount(),
            to.rows().requireRoot(),
            to.state(),
            end.ends().state(),
            end.ends().weight(),
            end.ends().length()));
  }
}
