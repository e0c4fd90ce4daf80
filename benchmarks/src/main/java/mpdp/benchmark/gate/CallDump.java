package mpdp.benchmark.gate;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.Operation;
import mpdp.tensor.Buffer;

/**
 * Writes recorded ops with the contents of their operands, for native/gate/run_calls.cpp. Operands
 * that begin at the same address are one buffer there; slices that overlap otherwise are apart,
 * which changes values but not the instructions that run.
 *
 * <p>Little-endian 64-bit words: ops, and for each its name (length, bytes padded to words),
 * integers (count, values), numbers (count, doubles), operands (count, indices of buffers or -1);
 * then buffers, and for each its length in 32-bit words and its contents padded to words.
 */
final class CallDump {
  private final Map<Long, Buffer> buffers = new LinkedHashMap<>();
  private final DataOutputStream out;
  private final ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private CallDump(DataOutputStream out) {
    this.out = out;
  }

  /** Writes {@code operations}, which have run, to {@code file}. */
  static void write(List<Operation> operations, Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      new CallDump(out).write(operations);
    }
  }

  private void write(List<Operation> operations) throws IOException {
    for (Operation operation : operations) {
      for (OpEncoding.Operand operand : OpEncoding.of(operation).operands()) {
        if (operand.buffer() instanceof Buffer buffer) {
          buffers.merge(buffer.address(), buffer, (a, b) -> a.words() >= b.words() ? a : b);
        }
      }
    }
    List<Long> addresses = List.copyOf(buffers.keySet());
    put(operations.size());
    for (Operation operation : operations) {
      writeCall(operation, addresses);
    }
    put(addresses.size());
    for (Buffer buffer : buffers.values()) {
      MemorySegment copy = MemorySegment.ofArray(new long[Math.toIntExact(buffer.words() + 1) / 2]);
      buffer.read(0, copy.asSlice(0, buffer.words() * Integer.BYTES));
      put(buffer.words());
      out.write(copy.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  private void writeCall(Operation operation, List<Long> addresses) throws IOException {
    byte[] name = operation.op().id().getBytes(StandardCharsets.UTF_8);
    put(name.length);
    out.write(Arrays.copyOf(name, (name.length + 7) / 8 * 8));
    OpEncoding encoding = OpEncoding.of(operation);
    put(encoding.integers().length);
    for (long integer : encoding.integers()) {
      put(integer);
    }
    put(encoding.numbers().length);
    for (double number : encoding.numbers()) {
      put(Double.doubleToRawLongBits(number));
    }
    put(encoding.operands().size());
    for (OpEncoding.Operand operand : encoding.operands()) {
      put(operand.buffer() instanceof Buffer buffer ? addresses.indexOf(buffer.address()) : -1);
    }
  }

  private void put(long value) throws IOException {
    out.write(word.clear().putLong(value).array());
  }
}
