package mpdp.backend.cuda;

import java.util.LinkedHashMap;
import java.util.Map;
import mpdp.backend.op.CriticTarget;
import mpdp.backend.op.Disagreement;
import mpdp.backend.op.DisagreementBackward;
import mpdp.backend.op.ExpansionTarget;
import mpdp.backend.op.GatherRows;
import mpdp.backend.op.Normalize;
import mpdp.backend.op.NormalizeBackward;
import mpdp.backend.op.Operation;
import mpdp.backend.op.ReplayGather;
import mpdp.backend.op.RestartStates;
import mpdp.backend.op.RolloutAdvanceBackward;
import mpdp.backend.op.RolloutObjective;
import mpdp.backend.op.SequenceGather;
import mpdp.backend.op.SequenceScore;
import mpdp.backend.op.SquashedGaussian;
import mpdp.backend.op.SquashedGaussianBackward;
import mpdp.backend.op.TailValue;
import mpdp.backend.op.Termination;
import mpdp.backend.op.TransitionSample;
import mpdp.backend.op.TransitionSampleBackward;
import org.jspecify.annotations.Nullable;

/**
 * How an op of a chain meets its rows. What makes row r touches nothing of row s in the operands
 * that are listed here; others (weights, gathers, targets of another order) it may read or write
 * anywhere.
 */
final class RowAccess {
  /** Threads that sum a row's terms of squashed_gaussian: a block of rows_chain. */
  static final int THREADS = 256;

  private final int rows;
  private final int width;
  private final Map<String, Layout> operands = new LinkedHashMap<>();
  private int sharedOfRow;
  private int sharedOfBlock;

  /**
   * Where row r is in an operand: words {@code [(l rows + r) width, (l rows + r + 1) width)} for
   * each l below {@code leading}.
   */
  record Layout(int leading, int width) {}

  private RowAccess(int rows, int width) {
    this.rows = rows;
    this.width = width;
  }

  private RowAccess with(int operandWidth, String... names) {
    for (String name : names) {
      operands.put(name, new Layout(1, operandWidth));
    }
    return this;
  }

  private RowAccess leading(int leading, int operandWidth, String... names) {
    for (String name : names) {
      operands.put(name, new Layout(leading, operandWidth));
    }
    return this;
  }

  private RowAccess shared(int ofRow, int ofBlock) {
    sharedOfRow = ofRow;
    sharedOfBlock = ofBlock;
    return this;
  }

  /** Rows of the batch, whether present or not. */
  int rows() {
    return rows;
  }

  /** Threads that a row keeps busy. */
  int width() {
    return width;
  }

  /** Where operand {@code name} has its rows, or null if it is not bound to them. */
  @Nullable Layout layout(String name) {
    return operands.get(name);
  }

  /** Words of shared memory of a block with {@code rowsOfBlock} rows. */
  long sharedWords(long rowsOfBlock) {
    return sharedOfRow * rowsOfBlock + sharedOfBlock;
  }

  /** Null for an op that cannot be part of a chain. */
  static @Nullable RowAccess of(Operation operation) {
    return switch (operation) {
      case Normalize op -> of(op);
      case NormalizeBackward op -> of(op);
      case SquashedGaussian op -> of(op);
      case SquashedGaussianBackward op ->
          new RowAccess(op.rows(), op.actions())
              .with(op.actions(), "action", "eps", "dAction")
              .with(2 * op.actions(), "head", "dHead")
              .with(1, "dLogProb");
      case TransitionSample op -> of(op);
      case TransitionSampleBackward op -> of(op);
      case Disagreement op -> of(op);
      case DisagreementBackward op -> of(op);
      case Termination op -> new RowAccess(op.rows(), 32).with(op.states(), "next").with(1, "done");
      case RolloutObjective op -> of(op);
      case RolloutAdvanceBackward op ->
          new RowAccess(op.rows(), op.states()).with(op.states(), "dNext").with(1, "child", "root");
      case TailValue op ->
          new RowAccess(op.rows(), 1)
              .leading(op.critics(), 1, "q", "dQ")
              .with(1, "logProb", "weight", "value", "objective", "dLogProb");
      case CriticTarget op ->
          new RowAccess(op.rows(), 1)
              .leading(op.critics(), 1, "q")
              .with(1, "logProb", "reward", "done", "target");
      case ExpansionTarget op ->
          new RowAccess(op.rows(), 1).with(1, "reward", "done", "child", "root", "target");
      case GatherRows op ->
          new RowAccess(op.rows(), op.width())
              .with(op.width(), op.scatter() ? "in" : "out")
              .with(1, "index");
      case SequenceGather op ->
          new RowAccess(op.rows(), op.states() + op.actions())
              .with(op.states(), "routedState")
              .with(op.actions(), "routedAction")
              .with(1, "order", "routedRoot");
      case SequenceScore op ->
          new RowAccess(op.rows(), 32)
              .with(op.states(), "state", "next")
              .with(1, "reward", "done", "weight", "objective", "dReward");
      case RestartStates op ->
          new RowAccess(op.rows(), op.states())
              .with(op.states(), "next", "fresh", "state")
              .with(1, "child");
      case ReplayGather op ->
          new RowAccess(op.rows(), 2 * op.states() + op.actions() + 2)
              .with(op.states(), "state", "next")
              .with(op.actions(), "action")
              .with(1, "index", "reward", "done");
      default -> null;
    };
  }

  private static RowAccess of(Normalize op) {
    int width = op.states() + op.actions();
    RowAccess access =
        new RowAccess(op.rows(), width)
            .with(op.states(), "state")
            .with(op.actions(), "action")
            .with(1, "place");
    return op.place() == null ? access.with(width, "x") : access;
  }

  private static RowAccess of(NormalizeBackward op) {
    int width = op.states() + op.actions();
    RowAccess access =
        new RowAccess(op.rows(), width)
            .with(op.states(), "dState")
            .with(op.actions(), "dAction")
            .with(1, "place");
    return op.place() == null ? access.with(width, "dx") : access;
  }

  /**
   * A block must hold whole rows, or their sums would be cut otherwise than the op's own kernel.
   */
  private static @Nullable RowAccess of(SquashedGaussian op) {
    return op.actions() > RowLaunches.PACKED_THREADS
        ? null
        : new RowAccess(op.rows(), op.actions())
            .with(2 * op.actions(), "head")
            .with(op.actions(), "action", "eps")
            .with(1, "logProb", "root")
            .shared(0, THREADS);
  }

  private static RowAccess of(TransitionSample op) {
    int dimensions = op.states() + 1;
    RowAccess access =
        new RowAccess(op.rows(), dimensions)
            .with(op.states(), "state", "next")
            .with(dimensions, "eps")
            .with(1, "reward", "chosen", "root", "place");
    return op.place() == null ? access.leading(op.members(), 2 * dimensions, "heads") : access;
  }

  private static RowAccess of(TransitionSampleBackward op) {
    int dimensions = op.states() + 1;
    RowAccess access =
        new RowAccess(op.rows(), dimensions)
            .with(op.states(), "dNext", "dState")
            .with(dimensions, "eps")
            .with(1, "chosen", "dReward", "place");
    return op.place() == null
        ? access.leading(op.members(), 2 * dimensions, "heads", "dHeads")
        : access;
  }

  private static RowAccess of(Disagreement op) {
    int heads = op.members() * op.dimensions();
    return new RowAccess(op.rows(), heads)
        .leading(op.members(), 2 * op.dimensions(), "heads")
        .with(1, "uncertainty", "penalty")
        .shared(RowLaunches.DISAGREEMENT_ARRAYS * heads, 0);
  }

  private static RowAccess of(DisagreementBackward op) {
    int heads = op.members() * op.dimensions();
    return new RowAccess(op.rows(), heads)
        .leading(op.members(), 2 * op.dimensions(), "heads", "dHeads")
        .with(1, "dPenalty")
        .shared(RowLaunches.DISAGREEMENT_BACKWARD_ARRAYS * heads, 0);
  }

  private static RowAccess of(RolloutObjective op) {
    RowAccess access =
        new RowAccess(op.rows(), 1)
            .with(1, "reward", "logProb", "penalty", "root", "dReward", "dLogProb", "dPenalty");
    return op.root() == null ? access.with(1, "objective") : access;
  }
}
