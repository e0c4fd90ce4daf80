package mpdp.rollout;

import mpdp.backend.op.RowMode;
import mpdp.model.DynamicsEnsemble;
import mpdp.nn.EnsembleMlp;
import mpdp.nn.MlpPass;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Which members of the ensemble predict which rows of a {@link ModelStep}, and the memory of what
 * they compute on the way. Steps that are not differentiated may take turns on one.
 */
public final class EnsemblePass {
  /** Members, on the rows of {@link #input}. */
  final MlpPass network;

  /** Draws the elite of each row and its place in {@link #input}, or null: row i is at i. */
  final @Nullable Routing routing;

  /** Answers that a row gets, of which {@link #elites} says which ones count. */
  final int heads;

  /** int32 (eliteCount). */
  final Buffer elites;

  final int eliteCount;

  /** Equal blocks of rows that take the same actions. */
  final int blocks;

  /** (rows, states + actions). */
  final Buffer input;

  /** int32 (rows): the answer that was drawn. */
  final Buffer chosen;

  /** (rows, states + 1): the noise that was drawn. */
  final Buffer eps;

  private EnsemblePass(
      TensorArena arena,
      DynamicsEnsemble model,
      int rows,
      MlpPass network,
      @Nullable Routing routing,
      boolean allMembers,
      int blocks) {
    this.network = network.in(model.precision());
    this.routing = routing;
    // A row that one member predicts has one head: an ensemble of one, whose elite is number 0.
    this.heads = allMembers ? model.members() : 1;
    this.elites = allMembers ? model.elites() : arena.allocate(1);
    this.eliteCount = allMembers ? model.eliteCount() : 1;
    this.blocks = blocks;
    this.input = arena.allocate((long) rows * (model.states() + model.actions()));
    this.chosen = arena.allocate(rows);
    this.eps = arena.allocate((long) rows * model.dimensions());
  }

  /** Every member predicts every row, and a random elite answers. */
  static EnsemblePass ofAllMembers(
      TensorArena arena, DynamicsEnsemble model, int rows, boolean differentiable) {
    EnsembleMlp members = model.network();
    MlpPass network =
        differentiable
            ? MlpPass.differentiable(
                    arena, members.shape(), members.parameters(), RowMode.SHARED, rows)
                .forInputs()
            : MlpPass.inference(arena, members.shape(), members.parameters(), RowMode.SHARED, rows);
    return new EnsemblePass(arena, model, rows, network, null, true, 1);
  }

  /**
   * A row's elite is drawn first, and no other member predicts the row. The draws are those of
   * {@link #ofAllMembers}, so the same elite answers with the same noise.
   */
  static EnsemblePass ofDrawnElites(
      TensorArena arena, DynamicsEnsemble model, int rows, boolean differentiable) {
    Routing routing = Routing.placing(arena, model, rows);
    EnsembleMlp members = model.network();
    MlpPass network =
        differentiable
            ? MlpPass.routed(arena, members.shape(), members.parameters(), routing.offsets(), rows)
            : MlpPass.routedInference(
                arena, members.shape(), members.parameters(), routing.offsets(), rows);
    return new EnsemblePass(arena, model, rows, network, routing, false, 1);
  }

  /** Each row by its own member, where the caller has sorted rows by {@code routing}. */
  public static EnsemblePass ofSortedRows(
      TensorArena arena, DynamicsEnsemble model, int rows, Routing routing) {
    EnsembleMlp members = model.network();
    MlpPass network =
        MlpPass.routedInference(
            arena, members.shape(), members.parameters(), routing.offsets(), rows);
    return new EnsemblePass(arena, model, rows, network, null, false, 1);
  }

  /**
   * Elite e predicts block e of the rows, differentiable by its inputs. All blocks take the same
   * actions.
   *
   * @param parameters laid out as the ensemble's, of which the first members are the elites
   * @param blockRows rows of a block
   */
  public static EnsemblePass ofEachElite(
      TensorArena arena, DynamicsEnsemble model, Buffer parameters, int blockRows) {
    int elites = model.eliteCount();
    MlpPass network =
        MlpPass.ofFirstMembers(arena, model.network().shape(), parameters, elites, blockRows)
            .forInputs();
    return new EnsemblePass(arena, model, elites * blockRows, network, null, false, elites);
  }

  /** int32 (rows): the place of each row in {@link #input}, or null: row i is at i. */
  @Nullable Buffer place() {
    return routing == null ? null : routing.place();
  }
}
