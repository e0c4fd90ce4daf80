package mpdp.rollout;

import java.util.Arrays;
import java.util.List;
import mpdp.backend.Recorder;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.PolicyNetwork;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the learned model: from given states a policy acts for up to H steps, and in each
 * of them a random elite answers each row. Nothing of it is differentiated; {@link Rollout} is what
 * policies are improved through, with the same steps and the same draws.
 *
 * <p>A walk ends after H steps, in a terminal state where bounds are given, or at the first step
 * with u >= u_T where the options have an uncertainty. Without either no row moves: row i of every
 * step is start state i, and only the elite that answers a row predicts it.
 */
public final class Imagination {
  private final RolloutOptions options;
  private final List<RolloutStep> steps;
  private final RolloutEnds ends;

  /**
   * @param options the penalty means nothing here
   * @param termination ends a walk in a terminal state, or null: none is terminal
   * @param policies act in the steps that the options say
   * @param start (rows, states)
   * @param site first of {@link #sites} draw sites
   */
  public Imagination(
      TensorArena arena,
      RolloutOptions options,
      DynamicsEnsemble model,
      @Nullable TerminationBounds termination,
      PolicyNetwork policies,
      Buffer start,
      int site) {
    this.options = options;
    this.steps =
        RolloutStep.chain(arena, options, model, termination, policies, false, start, site);
    this.ends = ends(arena, steps.getLast());
  }

  private RolloutEnds ends(TensorArena arena, RolloutStep last) {
    int rows = options.rows();
    if (last.stops()) {
      return RolloutEnds.in(arena, rows, arena.allocate(last.next().words()));
    }
    RolloutEnds known = RolloutEnds.in(arena, rows, last.next());
    known.weight().write(constant(last.discount() * options.discount()));
    known.length().write(constant(steps.size()));
    return known;
  }

  private float[] constant(double value) {
    float[] values = new float[options.rows()];
    Arrays.fill(values, (float) value);
    return values;
  }

  /** Draw sites that {@code horizon} steps take. */
  public static int sites(int horizon) {
    return RolloutStep.SITES * horizon;
  }

  /** Takes all steps. */
  public void forward(Recorder recorder, Buffer random) {
    for (RolloutStep step : steps) {
      step.forward(recorder, random);
      step.advance(recorder, ends);
    }
  }

  /** H. */
  public int horizon() {
    return steps.size();
  }

  /** What happened in step h. */
  public RolloutStep step(int h) {
    return steps.get(h);
  }

  /** Where the walk from each start state ended. */
  public RolloutEnds ends() {
    return ends;
  }
}
