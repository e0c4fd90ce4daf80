package mpdp.backend.opencl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import mpdp.MpdpException;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.OpEncoding.Operand;

/** The struct {@code Call} of opencl/common.clh, which every kernel takes by value. */
final class CallStruct {
  private static final int BUFFERS = 16;
  private static final int INTEGERS = 16;
  private static final int NUMBERS = 8;
  private static final int STAGE = 4;
  private static final int BYTES =
      BUFFERS * Long.BYTES + INTEGERS * Long.BYTES + NUMBERS * Float.BYTES + STAGE * Integer.BYTES;
  private static final long ABSENT = -1;

  private CallStruct() {}

  /** {@code encoding} for one launch, in native byte order. */
  static ByteBuffer encode(OpEncoding encoding, int[] stage) {
    ByteBuffer call = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
    for (int i = 0; i < BUFFERS; i++) {
      call.putLong(i < encoding.operands().size() ? first(encoding.operands().get(i)) : ABSENT);
    }
    for (int i = 0; i < INTEGERS; i++) {
      call.putLong(i < encoding.integers().length ? encoding.integers()[i] : 0);
    }
    for (int i = 0; i < NUMBERS; i++) {
      call.putFloat(i < encoding.numbers().length ? (float) encoding.numbers()[i] : 0);
    }
    for (int i = 0; i < STAGE; i++) {
      call.putInt(i < stage.length ? stage[i] : 0);
    }
    return call.flip();
  }

  private static long first(Operand operand) {
    return operand.buffer() instanceof OpenClBuffer buffer ? buffer.offset() : ABSENT;
  }

  /** Throws where an op does not fit: kernels count rows and items in 32 bits. */
  static void check(String op, OpEncoding encoding) {
    if (encoding.operands().size() > BUFFERS
        || encoding.integers().length > INTEGERS
        || encoding.numbers().length > NUMBERS) {
      throw new IllegalStateException(op + " does not fit an OpenCL call");
    }
    for (Operand operand : encoding.operands()) {
      if (operand.buffer() != null && operand.buffer().words() > Integer.MAX_VALUE) {
        throw new MpdpException(
            "%s: %s has %d words, the opencl back end takes at most %d: use a smaller batch or buffer"
                .formatted(op, operand.name(), operand.buffer().words(), Integer.MAX_VALUE));
      }
    }
  }
}
