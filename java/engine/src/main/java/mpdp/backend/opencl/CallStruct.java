package mpdp.backend.opencl;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import mpdp.MpdpException;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.OpEncoding.Operand;

/** The struct {@code Call} of opencl/common.clh, which every kernel takes by value. */
final class CallStruct {
  /** Integers after the operands, which tell an op's launches of one kernel apart. */
  private static final int STAGE = 4;

  private static final long STAGE_AT = OpEncoding.bytes(JAVA_FLOAT);
  private static final int BYTES = (int) STAGE_AT + STAGE * Integer.BYTES;
  private static final long ABSENT = -1;

  private CallStruct() {}

  /** {@code encoding} for one launch, in native byte order. */
  static ByteBuffer encode(OpEncoding encoding, int[] stage) {
    ByteBuffer call = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
    MemorySegment words = MemorySegment.ofBuffer(call);
    encoding.write(
        words, buffer -> buffer instanceof OpenClBuffer mine ? mine.offset() : ABSENT, JAVA_FLOAT);
    MemorySegment.copy(stage, 0, words, JAVA_INT, STAGE_AT, stage.length);
    return call;
  }

  /** Throws where an operand is too large: kernels count rows and items in 32 bits. */
  static void check(String op, OpEncoding encoding) {
    for (Operand operand : encoding.operands()) {
      if (operand.buffer() != null && operand.buffer().words() > Integer.MAX_VALUE) {
        throw new MpdpException(
            "%s: %s has %d words, the opencl back end takes at most %d: use a smaller batch or buffer"
                .formatted(op, operand.name(), operand.buffer().words(), Integer.MAX_VALUE));
      }
    }
  }
}
