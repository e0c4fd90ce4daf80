package mpdp.backend.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import jcuda.Pointer;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.Operation;

/**
 * The parameters of a step's kernels as cuLaunchKernel takes them: the addresses of a {@code Call}
 * (cuda/common.cuh) and of the scratch pointer, or of a {@code Chain}, in one native buffer that is
 * made once.
 */
final class CallEncoding {
  private static final int BUFFERS = 16;
  private static final int INTEGERS = 16;
  private static final int NUMBERS = 8;
  private static final long BUFFERS_AT = Long.BYTES;
  private static final long INTEGERS_AT = BUFFERS_AT + BUFFERS * Long.BYTES;

  /** The last integer: which part of the op a launch is for. */
  private static final long PART_AT = INTEGERS_AT + (INTEGERS - 1L) * Long.BYTES;

  private static final long NUMBERS_AT = INTEGERS_AT + INTEGERS * Long.BYTES;
  private static final long SCRATCH_AT = NUMBERS_AT + NUMBERS * Double.BYTES;
  private static final long PARAMETERS_AT = SCRATCH_AT + Long.BYTES;
  private static final long BYTES = PARAMETERS_AT + 2L * Long.BYTES;

  private static final long CALL_BYTES = SCRATCH_AT;

  /** A chain (cuda/common.cuh): its length, its rows, and links of a call and three integers. */
  private static final long LINKS_AT = 2L * Long.BYTES;

  private static final long LINK_BYTES = CALL_BYTES + 3L * Long.BYTES;
  private static final long CHAIN_BYTES = LINKS_AT + Step.MOST_LINKS * LINK_BYTES;

  private CallEncoding() {}

  /**
   * What a kernel of {@code step} is launched with.
   *
   * @param part of the op that the launch is for
   * @param scratch device address, or 0
   * @param arena owns the parameters, which must live while launches are made from them
   */
  static Pointer parameters(Step step, int part, long scratch, Arena arena) {
    return step.chain()
        ? chain(step, arena)
        : call(step.links().getFirst().operation(), part, scratch, arena);
  }

  private static Pointer chain(Step step, Arena arena) {
    MemorySegment chain = arena.allocate(CHAIN_BYTES + Long.BYTES, Long.BYTES);
    chain.set(JAVA_LONG, 0, step.links().size());
    chain.set(JAVA_LONG, Long.BYTES, step.rows());
    long at = LINKS_AT;
    for (Step.Link link : step.links()) {
      encode(link.operation(), chain.asSlice(at, CALL_BYTES));
      ChainOp kind = Objects.requireNonNull(ChainOp.of(link.operation().op()));
      chain.set(JAVA_LONG, at + CALL_BYTES, kind.ordinal());
      chain.set(JAVA_LONG, at + CALL_BYTES + Long.BYTES, link.sharedAt());
      chain.set(JAVA_LONG, at + CALL_BYTES + 2L * Long.BYTES, link.barrier() ? 1 : 0);
      at += LINK_BYTES;
    }
    chain.set(ADDRESS, CHAIN_BYTES, chain);
    return Pointer.to(chain.asSlice(CHAIN_BYTES).asByteBuffer());
  }

  private static Pointer call(Operation operation, int part, long scratch, Arena arena) {
    MemorySegment call = arena.allocate(BYTES, Long.BYTES);
    encode(operation, call);
    call.set(JAVA_LONG, PART_AT, part);
    call.set(JAVA_LONG, SCRATCH_AT, scratch);
    call.set(ADDRESS, PARAMETERS_AT, call);
    call.set(ADDRESS, PARAMETERS_AT + Long.BYTES, call.asSlice(SCRATCH_AT));
    return Pointer.to(call.asSlice(PARAMETERS_AT).asByteBuffer());
  }

  private static void encode(Operation operation, MemorySegment call) {
    OpEncoding encoding = OpEncoding.of(operation);
    if (encoding.operands().size() > BUFFERS
        || encoding.integers().length >= INTEGERS
        || encoding.numbers().length > NUMBERS) {
      throw new IllegalStateException(operation.op().id() + " does not fit a kernel's call");
    }
    call.set(JAVA_LONG, 0, operation.op().ordinal());
    for (int i = 0; i < encoding.operands().size(); i++) {
      var buffer = encoding.operands().get(i).buffer();
      long address = buffer == null ? 0 : buffer.address();
      call.set(JAVA_LONG, BUFFERS_AT + (long) i * Long.BYTES, address);
    }
    for (int i = 0; i < encoding.integers().length; i++) {
      call.set(JAVA_LONG, INTEGERS_AT + (long) i * Long.BYTES, encoding.integers()[i]);
    }
    for (int i = 0; i < encoding.numbers().length; i++) {
      call.set(JAVA_DOUBLE, NUMBERS_AT + (long) i * Double.BYTES, encoding.numbers()[i]);
    }
  }
}
