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
  /** The op's index comes before its operands. */
  private static final long OPERANDS_AT = Long.BYTES;

  /** The last integer: which part of the op a launch is for. */
  private static final long PART_AT =
      OPERANDS_AT + (OpEncoding.BUFFERS + OpEncoding.INTEGERS - 1L) * Long.BYTES;

  private static final long SCRATCH_AT = OPERANDS_AT + OpEncoding.bytes(JAVA_DOUBLE);
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
    call.set(JAVA_LONG, 0, operation.op().ordinal());
    OpEncoding.of(operation)
        .write(
            call.asSlice(OPERANDS_AT),
            buffer -> buffer == null ? 0 : buffer.address(),
            JAVA_DOUBLE);
  }
}
