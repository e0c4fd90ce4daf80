package mpdp.plan;

import mpdp.backend.Recorder;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Normalize;
import mpdp.backend.op.RouteRows;
import mpdp.backend.op.RowMode;
import mpdp.backend.op.SequenceGather;
import mpdp.backend.op.TransitionSample;
import mpdp.model.DynamicsEnsemble;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * One model step of many particles, each through a single elite: rows are sorted by member, so that
 * no member computes a row that is not its own. Results stay in that order.
 */
final class RoutedStep {
  /** Draw sites of a step: member, and two of the transition. */
  static final int SITES = 3;

  private final DynamicsEnsemble model;
  private final int rows;
  private final int candidates;
  private final float noise;
  private final Buffer offsets;
  private final Buffer state;
  private final Buffer action;
  private final Buffer input;
  private final Buffer heads;
  private final Buffer onlyMember;
  private final Buffer choice;
  private final Buffer eps;
  private final @Nullable Buffer kept;

  /** int32 (rows): the row at each place. */
  final Buffer order;

  /** int32 (rows): the member of each row. */
  final Buffer members;

  /** int32 (rows): the root at each place. */
  final Buffer root;

  /** (rows, states), in places. */
  final Buffer next;

  /** (rows), in places. */
  final Buffer reward;

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
    this.rows = rows;
    this.candidates = candidates;
    this.noise = sampled ? 1 : 0;
    this.kept = kept;
    this.order = arena.allocate(rows);
    this.offsets = arena.allocate(model.members() + 1);
    this.members = arena.allocate(rows);
    this.state = arena.allocate((long) rows * model.states());
    this.root = arena.allocate(rows);
    this.action = arena.allocate((long) rows * model.actions());
    this.input = arena.allocate((long) rows * (model.states() + model.actions()));
    this.heads = arena.allocate(2L * rows * model.dimensions());
    this.onlyMember = arena.allocate(1);
    this.choice = arena.allocate(rows);
    this.eps = arena.allocate((long) rows * model.dimensions());
    this.next = arena.allocate((long) rows * model.states());
    this.reward = arena.allocate(rows);
  }

  /**
   * Where particles are.
   *
   * @param state (rows, states), or (1, states) when common
   * @param common all start in the same state
   * @param root int32 (rows) or null: row i is root i
   * @param count rows present, or null for all
   */
  record Particles(Buffer state, boolean common, @Nullable Buffer root, @Nullable Buffer count) {}

  /**
   * @param actions (candidates, actions)
   * @param site first of {@link #SITES} draw sites
   */
  void record(Recorder recorder, Particles from, Buffer actions, Buffer random, int site) {
    recorder.add(
        new RouteRows(
            model.members(),
            rows,
            model.eliteCount(),
            site,
            model.elites(),
            random,
            from.count(),
            kept == null ? null : from.root(),
            kept,
            order,
            null,
            offsets,
            members));
    recorder.add(
        new SequenceGather(
            rows,
            candidates,
            model.states(),
            model.actions(),
            from.common(),
            from.state(),
            actions,
            order,
            from.root(),
            from.count(),
            state,
            root,
            action));
    predict(recorder, from.count(), random, site + 1);
  }

  private void predict(Recorder recorder, @Nullable Buffer count, Buffer random, int site) {
    MlpShape shape = model.network().shape();
    recorder.add(
        new Normalize(
            rows,
            model.states(),
            model.actions(),
            state,
            action,
            model.normalizer().inputMean(),
            model.normalizer().inputInverse(),
            count,
            null,
            input));
    recorder.add(
        new MlpForward(
            shape,
            rows,
            RowMode.ROUTED,
            0,
            shape.members(),
            model.precision(),
            input,
            model.network().parameters(),
            offsets,
            null,
            null,
            heads));
    // Routed rows have one head each: an ensemble of one.
    recorder.add(
        new TransitionSample(
            1,
            rows,
            model.states(),
            1,
            site,
            noise,
            heads,
            model.bounds(),
            model.normalizer().outputMean(),
            model.normalizer().outputScale(),
            state,
            onlyMember,
            random,
            count,
            null,
            next,
            reward,
            choice,
            eps));
  }
}
