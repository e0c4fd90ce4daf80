package mpdp.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import mpdp.MpdpException;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.Operation;

/** The C functions of libmpdp_cpu.so, and its {@code Call} struct (native/include/mpdp/call.h). */
final class NativeCalls {
  /** The op's index comes before its operands. */
  private static final long OPERANDS_AT = Long.BYTES;

  private static final long CALL_BYTES = OPERANDS_AT + OpEncoding.bytes(JAVA_DOUBLE);

  private static final SymbolLookup LIBRARY = NativeLibrary.symbols();
  private static final MethodHandle OP_COUNT =
      function("mpdp_op_count", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle OP_NAME =
      function("mpdp_op_name", FunctionDescriptor.of(ADDRESS, JAVA_INT));
  private static final MethodHandle ISA_NAME =
      function("mpdp_isa_name", FunctionDescriptor.of(ADDRESS, JAVA_INT));
  private static final MethodHandle CREATE =
      function("mpdp_create", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_INT));
  private static final MethodHandle DESTROY =
      function("mpdp_destroy", FunctionDescriptor.ofVoid(JAVA_LONG));
  private static final MethodHandle ISA =
      function("mpdp_isa", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
  private static final MethodHandle PEAK =
      function("mpdp_peak", FunctionDescriptor.of(JAVA_DOUBLE, JAVA_INT, JAVA_INT));
  private static final MethodHandle RUN =
      function("mpdp_run", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

  private NativeCalls() {}

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    MemorySegment address =
        LIBRARY
            .find(name)
            .orElseThrow(
                () -> new MpdpException("libmpdp_cpu.so is of another version: it lacks " + name));
    return Linker.nativeLinker().downcallHandle(address, descriptor);
  }

  /** Number of ops in the library's table. */
  static int opCount() {
    try {
      return (int) OP_COUNT.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Name of op {@code index} in the library's table. */
  static String opName(int index) {
    try {
      return string((MemorySegment) OP_NAME.invokeExact(index));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Name of instruction set {@code index}, or "" past the last one. */
  static String isaName(int index) {
    try {
      return string((MemorySegment) ISA_NAME.invokeExact(index));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** A new thread team; 0 when the CPU lacks the instruction set. {@code isa} -1: the best. */
  static long create(int threads, int isa) {
    try {
      return (long) CREATE.invokeExact(threads, isa);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void destroy(long engine) {
    try {
      DESTROY.invokeExact(engine);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Index of the instruction set that {@code engine} uses. */
  static int isa(long engine) {
    try {
      return (int) ISA.invokeExact(engine);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Flops per second of {@code threads} threads on an instruction set that the CPU has. */
  static double peak(int isa, int threads) {
    try {
      return (double) PEAK.invokeExact(isa, threads);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Runs {@code count} calls at {@code calls} in order. Allocates nothing on the heap.
   *
   * @return 0, or the bytes of scratch memory that could not be had
   */
  static long run(long engine, long calls, long count) {
    try {
      return (long) RUN.invokeExact(engine, calls, count);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** {@code operations} as an array of {@code Call}. */
  static MemorySegment encode(List<Operation> operations, Arena arena) {
    MemorySegment calls = arena.allocate(Math.max(1, operations.size()) * CALL_BYTES, Long.BYTES);
    for (int i = 0; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      MemorySegment call = calls.asSlice(i * CALL_BYTES, CALL_BYTES);
      call.set(JAVA_LONG, 0, operation.op().ordinal());
      OpEncoding.of(operation)
          .write(
              call.asSlice(OPERANDS_AT),
              buffer -> buffer == null ? 0 : buffer.address(),
              JAVA_DOUBLE);
    }
    return calls;
  }

  private static String string(MemorySegment text) {
    return text.address() == 0 ? "" : text.reinterpret(Long.MAX_VALUE).getString(0);
  }

  private static IllegalStateException unexpected(Throwable e) {
    return new IllegalStateException("native call failed", e);
  }
}
