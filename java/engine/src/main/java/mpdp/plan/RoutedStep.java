package mpdp.plan;

import mpdp.backend.Recorder;
import mpdp.backend.op.SequenceGather;
import mpdp.model.DynamicsEnsemble;
import mpdp.rollout.EnsemblePass;
import mpdp.rollout.ModelStep;
import mpdp.rollout.RolloutRows;
import mpdp.rollout.Routing;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * One model step of many particles, each through a single elite: rows are sorted by member, so that
 * no member computes a row that is not its own. Results stay in that order.
 */
final class RoutedStep {
  /** Draw sites of a step: the member, and the model's. */
  static final int SITES = 1 + ModelStep.SITES;

  private final DynamicsEnsemble model;
  private final int candidates;
  private final @Nullable Buffer kept;
  private final Routing routing;
  private final Buffer state;
  private final Buffer root;
  private final Buffer action;
  private final ModelStep step;

  /**
   * @param candidates root r takes action r mod candidates
   * @param sampled draw from the members' distributions, not their means
   * @param kept int32 (rows): each root's member, or null to draw one
   */
  RoutedStep(
      TensorArena arena,
      DynamicsEnsemble model,
      int rows,
      int candidates,
      boolean sampled,
      @Nullable Buffer kept) {
    this.model = model;
    this.candidates = candidates;
    this.kept = kept;
    this.routing = Routing.sorting(arena, model, rows);
    this.state = arena.allocate((long) rows * model.states());
    this.root = arena.allocate(rows);
    this.action = arena.allocate((long) rows * model.actions());
    this.step =
        new ModelStep(
            model,
            EnsemblePass.ofSortedRows(arena, model, rows, routing),
            sampled,
            state,
            arena.allocate((long) rows * model.states()),
            arena.allocate(rows));
  }

  /** int32 (rows): the row at each place. */
  Buffer order() {
    return routing.order();
  }

  /** int32 (rows): the member of each row. */
  Buffer members() {
    return routing.chosen();
  }

  /** (rows, states), in places. */
  Buffer next() {
    return step.next();
  }

  /** (rows), in places. */
  Buffer reward() {
    return step.reward();
  }

  /**
   * Takes the step.
   *
   * @param from rows that are there
   * @param start (rows, states): where they are; or (1, states) when common
   * @param common all are in the same state
   * @param actions (candidates, actions)
   * @param site first of {@link #SITES} draw sites
   * @return the same rows, in places
   */
  RolloutRows record(
      Recorder recorder,
      RolloutRows from,
      Buffer start,
      boolean common,
      Buffer actions,
      Buffer random,
      int site) {
    routing.record(recorder, model, from, random, site, kept);
    recorder.add(
        new SequenceGather(
            from.capacity(),
            candidates,
            model.states(),
            model.actions(),
            common,
            start,
            actions,
            routing.order(),
            from.root(),
            from.count(),
            state,
            root,
            action));
    RolloutRows sorted = new RolloutRows(from.capacity(), from.count(), root);
    step.forward(recorder, sorted, action, random, site + 1);
    return sorted;
  }
}
