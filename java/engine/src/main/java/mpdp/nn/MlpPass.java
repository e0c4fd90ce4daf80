package mpdp.nn;

import mpdp.backend.Recorder;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Precision;
import mpdp.backend.op.RowMode;
import mpdp.backend.op.TapeUse;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * One place where a program evaluates members of an ensemble: which members, how many rows, the
 * output and, when it is to be differentiated, the tape and the output's gradient.
 */
public final class MlpPass {
  private final MlpShape shape;
  private final Buffer parameters;
  private final RowMode mode;
  private final int rows;
  private final int firstMember;
  private final int memberCount;
  private final @Nullable Buffer offsets;
  private final Memory memory;
  private Precision precision = Precision.FP32;
  private TapeUse use = TapeUse.ALL;

  /**
   * Where a pass leaves what it computes: (memberCount, rows, outputs), the tape, which other
   * passes may share that run after this one's way back, and room for the output's gradient.
   */
  public record Memory(Buffer output, @Nullable Buffer tape, @Nullable Buffer outputGradient) {
    private static Memory of(
        TensorArena arena, MlpShape shape, int matrices, int rows, boolean differentiable) {
      long outputs = (long) matrices * rows * shape.outputs();
      return new Memory(
          arena.allocate(outputs),
          differentiable ? arena.allocate(shape.tapeWords(matrices, rows)) : null,
          differentiable ? arena.allocate(outputs) : null);
    }
  }

  private MlpPass(
      TensorArena arena,
      MlpShape shape,
      Buffer parameters,
      RowMode mode,
      int rows,
      int firstMember,
      int memberCount,
      @Nullable Buffer offsets,
      boolean differentiable) {
    this(
        Memory.of(arena, shape, mode.tapeMembers(memberCount), rows, differentiable),
        shape,
        parameters,
        mode,
        rows,
        firstMember,
        memberCount,
        offsets);
  }

  private MlpPass(
      Memory memory,
      MlpShape shape,
      Buffer parameters,
      RowMode mode,
      int rows,
      int firstMember,
      int memberCount,
      @Nullable Buffer offsets) {
    this.shape = shape;
    this.parameters = parameters;
    this.mode = mode;
    this.rows = rows;
    this.firstMember = firstMember;
    this.memberCount = memberCount;
    this.offsets = offsets;
    this.memory = memory;
  }

  /** A pass of all members that keeps what a backward pass needs. */
  public static MlpPass differentiable(
      TensorArena arena, MlpShape shape, Buffer parameters, RowMode mode, int rows) {
    return new MlpPass(arena, shape, parameters, mode, rows, 0, shape.members(), null, true);
  }

  /**
   * A pass of all members, each on its own of {@code rows} rows; gradients by inputs only.
   *
   * @param offsets int32 (members + 1), see {@link mpdp.backend.op.RouteRows}
   */
  public static MlpPass routed(
      TensorArena arena, MlpShape shape, Buffer parameters, Buffer offsets, int rows) {
    return new MlpPass(
            arena, shape, parameters, RowMode.ROUTED, rows, 0, shape.members(), offsets, true)
        .forInputs();
  }

  /** As {@link #routed}, for the output alone. */
  public static MlpPass routedInference(
      TensorArena arena, MlpShape shape, Buffer parameters, Buffer offsets, int rows) {
    return new MlpPass(
        arena, shape, parameters, RowMode.ROUTED, rows, 0, shape.members(), offsets, false);
  }

  /** A pass of all members for their output alone. */
  public static MlpPass inference(
      TensorArena arena, MlpShape shape, Buffer parameters, RowMode mode, int rows) {
    return new MlpPass(arena, shape, parameters, mode, rows, 0, shape.members(), null, false);
  }

  /** A differentiable pass of members 0 .. {@code memberCount} - 1, each on rows of its own. */
  public static MlpPass ofFirstMembers(
      TensorArena arena, MlpShape shape, Buffer parameters, int memberCount, int rows) {
    return new MlpPass(arena, shape, parameters, RowMode.PRIVATE, rows, 0, memberCount, null, true);
  }

  /** A differentiable pass of some members in {@code memory}, each on rows of its own. */
  public static MlpPass ofMembers(
      Memory memory,
      MlpShape shape,
      Buffer parameters,
      int firstMember,
      int memberCount,
      int rows) {
    return new MlpPass(
        memory, shape, parameters, RowMode.PRIVATE, rows, firstMember, memberCount, null);
  }

  /** A differentiable pass of one member. */
  public static MlpPass ofMember(
      TensorArena arena, MlpShape shape, Buffer parameters, int member, int rows) {
    return new MlpPass(arena, shape, parameters, RowMode.SHARED, rows, member, 1, null, true);
  }

  /** A pass of one member for its output alone. */
  public static MlpPass inferenceOfMember(
      TensorArena arena, MlpShape shape, Buffer parameters, int member, int rows) {
    return new MlpPass(arena, shape, parameters, RowMode.SHARED, rows, member, 1, null, false);
  }

  /** Computes the products of the forward pass in {@code precision}; the way back is float32. */
  public MlpPass in(Precision precision) {
    this.precision = precision;
    return this;
  }

  /** Keeps no more than gradients by inputs need. */
  public MlpPass forInputs() {
    this.use = TapeUse.INPUTS;
    return this;
  }

  /** (memberCount, rows, outputs), or (rows, outputs) of sorted rows when routed. */
  public Buffer output() {
    return memory.output();
  }

  /** The gradient of {@link #output}, to be filled before {@link #backward}. */
  public Buffer outputGradient() {
    return require(memory.outputGradient());
  }

  /** Words of scratch that {@link #backward} needs. */
  public long scratchWords() {
    return shape.scratchWords(mode.tapeMembers(memberCount), rows);
  }

  /**
   * Fills {@link #output}.
   *
   * @param count rows present, or null for all; the offsets of a routed pass tell that already
   */
  public void forward(Recorder recorder, Buffer x, @Nullable Buffer count) {
    recorder.add(
        new MlpForward(
            shape,
            rows,
            mode,
            firstMember,
            memberCount,
            precision,
            use,
            x,
            parameters,
            offsets,
            offsets == null ? count : null,
            memory.tape(),
            memory.output()));
  }

  /** Where the gradients of a backward pass go. */
  public record Gradients(
      @Nullable Buffer parameters,
      boolean accumulateParameters,
      @Nullable Buffer inputs,
      boolean accumulateInputs) {

    /** Parameter gradients only, overwritten. */
    public static Gradients ofParameters(Buffer parameters) {
      return new Gradients(parameters, false, null, false);
    }

    /** Input gradients only, overwritten. */
    public static Gradients ofInputs(Buffer inputs) {
      return new Gradients(null, false, inputs, false);
    }
  }

  /** From {@link #outputGradient} to {@code gradients}, with the arguments of {@link #forward}. */
  public void backward(
      Recorder recorder, Buffer x, @Nullable Buffer count, Buffer scratch, Gradients gradients) {
    if (use == TapeUse.INPUTS && gradients.parameters() != null) {
      throw new IllegalStateException("this pass keeps a tape for gradients by inputs alone");
    }
    recorder.add(
        new MlpBackward(
            shape,
            rows,
            mode,
            firstMember,
            memberCount,
            gradients.accumulateParameters(),
            gradients.accumulateInputs(),
            x,
            parameters,
            require(memory.tape()),
            outputGradient(),
            offsets,
            offsets == null ? count : null,
            scratch,
            gradients.parameters(),
            gradients.inputs()));
  }

  private static Buffer require(@Nullable Buffer buffer) {
    if (buffer == null) {
      throw new IllegalStateException("this pass keeps no tape: it has no backward pass");
    }
    return buffer;
  }
}
