package mpdp.rollout;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.Recorder;
import mpdp.backend.op.RolloutAdvance;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.PolicyNetwork;
import mpdp.nn.PolicyPass;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Step h of a batch of rollouts: pi_h acts, the ensemble predicts, and rows whose rollout ends stay
 * behind. The others move to the front, so a step costs what its surviving rows cost. After a
 * program has run, a step tells what happened in it; what is beyond the {@link #rows} present means
 * nothing.
 */
public final class RolloutStep {
  /** Draw sites that a step takes: the action's, and the model's. */
  static final int SITES = 1 + ModelStep.SITES;

  private final RolloutOptions options;
  private final @Nullable TerminationBounds termination;
  private final int index;
  private final RolloutRows rows;
  private final Buffer state;
  private final PolicyPass policy;
  private final Prediction prediction;
  private final Buffer done;
  private final Buffer child;
  private final RolloutRows nextRows;
  private final Buffer nextState;

  private RolloutStep(
      TensorArena arena,
      RolloutOptions options,
      @Nullable TerminationBounds termination,
      int index,
      RolloutRows rows,
      Buffer state,
      PolicyPass policy,
      Prediction prediction) {
    this.options = options;
    this.termination = termination;
    this.index = index;
    this.rows = rows;
    this.state = state;
    this.policy = policy;
    this.prediction = prediction;
    int capacity = rows.capacity();
    this.done = arena.allocate(capacity);
    this.child = arena.allocate(capacity);
    if (stops()) {
      this.nextRows = RolloutRows.compacted(arena, capacity);
      this.nextState = arena.allocate((long) capacity * prediction.states());
    } else {
      this.nextRows = rows;
      this.nextState = prediction.next();
      child.write(placesOfAll());
    }
  }

  /** Whether a rollout can end before its last step: only then rows move. */
  boolean stops() {
    return termination != null || options.uncertainty() != null;
  }

  private boolean last() {
    return index == options.horizon() - 1;
  }

  private int[] placesOfAll() {
    int[] places = new int[rows.capacity()];
    for (int i = 0; i < places.length; i++) {
      places[i] = last() ? -1 : i;
    }
    return places;
  }

  /**
   * All steps of rollouts, each of which starts where the one before leads.
   *
   * @param differentiable keep what the way back needs; otherwise steps take turns on the memory of
   *     the ensemble's predictions
   * @param start (rows, states)
   * @param site first of {@link #SITES} x horizon draw sites
   */
  static List<RolloutStep> chain(
      TensorArena arena,
      RolloutOptions options,
      DynamicsEnsemble model,
      @Nullable TerminationBounds termination,
      PolicyNetwork policies,
      boolean differentiable,
      Buffer start,
      int site) {
    List<RolloutStep> steps = new ArrayList<>();
    RolloutRows rows = RolloutRows.all(options.rows());
    Buffer state = start;
    EnsemblePass pass = Prediction.pass(arena, options, model, differentiable);
    for (int h = 0; h < options.horizon(); h++) {
      if (differentiable && h > 0) {
        pass = Prediction.pass(arena, options, model, true);
      }
      int member = options.policy(h);
      int action = site + SITES * h;
      PolicyPass policy =
          differentiable
              ? PolicyPass.differentiable(arena, policies, member, options.rows(), action)
              : PolicyPass.inference(arena, policies, member, options.rows(), action, false);
      Prediction prediction = new Prediction(arena, options, model, pass, rows, state, action + 1);
      RolloutStep step =
          new RolloutStep(arena, options, termination, h, rows, state, policy, prediction);
      steps.add(step);
      rows = step.nextRows;
      state = step.nextState;
    }
    return steps;
  }

  /** Acts and predicts. */
  void forward(Recorder recorder, Buffer random) {
    policy.forward(recorder, state, random, rows.count(), rows.root());
    prediction.forward(recorder, policy.action(), random);
    if (termination != null) {
      termination.test(recorder, rows, prediction.next(), done);
    }
  }

  /** The discount of this step's rewards, g^h. */
  double discount() {
    return Math.pow(options.discount(), index);
  }

  /** Ends rollouts, and moves the rows of the others to the front of the next step. */
  void advance(Recorder recorder, RolloutEnds ends) {
    if (!stops()) {
      return;
    }
    recorder.add(
        new RolloutAdvance(
            rows.capacity(),
            options.rows(),
            prediction.states(),
            index,
            last(),
            (float) options.threshold(),
            (float) (discount() * options.discount()),
            next(),
            uncertainty(),
            done,
            rows.root(),
            rows.count(),
            child,
            nextRows.requireCount(),
            nextRows.requireRoot(),
            nextState,
            ends.state(),
            ends.weight(),
            ends.length()));
  }

  PolicyPass policy() {
    return policy;
  }

  Prediction prediction() {
    return prediction;
  }

  /** Rows that are there: those whose rollout has not ended. */
  public RolloutRows rows() {
    return rows;
  }

  /** (rows, states): where the step starts. */
  public Buffer state() {
    return state;
  }

  /** (rows, actions) in (-1, 1). */
  public Buffer action() {
    return policy.action();
  }

  /** (rows): the log-probability of the action. */
  public Buffer logProb() {
    return policy.logProb();
  }

  /** (rows). */
  public Buffer reward() {
    return prediction.reward();
  }

  /** (rows, states): where the step leads, also where the rollout ends. */
  public Buffer next() {
    return prediction.next();
  }

  /** (rows): 1 where the next state is terminal, else 0. */
  public Buffer done() {
    return done;
  }

  /** The uncertainty u (rows), or null where nobody computes it. */
  public @Nullable Buffer uncertainty() {
    return prediction.uncertainty() == null ? null : prediction.uncertainty().value();
  }

  /** int32 (rows): the row's place in the next step, or -1 where its rollout ends with this one. */
  public Buffer child() {
    return child;
  }
}
