package mpdp.backend.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether the JVM keeps its signal handlers while a driver compiles kernels in its process. LLVM,
 * with which drivers of CPUs compile, puts handlers of its own over them: for one signal each, and
 * deleting the files that it is writing. The JVM stops its threads by such signals (reads of a
 * protected page), so builds fail at random, and where a second thread meets the signal before the
 * JVM's handler is back, the process dies without a word. The JDK's libjsig, loaded before all
 * other libraries, chains such handlers to the JVM's instead.
 */
final class SignalChaining {
  private static final System.Logger LOG = System.getLogger(SignalChaining.class.getName());
  private static final AtomicBoolean SAID = new AtomicBoolean();

  private SignalChaining() {}

  /** Says once how to start the JVM, where {@code device}'s driver may take its handlers. */
  static void demandFor(OpenClDevice device) {
    if (device.type() == OpenClDevice.Type.CPU && !active() && SAID.compareAndSet(false, true)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "%s compiles with LLVM in this process, which can end the JVM: start java with LD_PRELOAD=%s/lib/libjsig.so"
              .formatted(device.platform(), System.getProperty("java.home")));
    }
  }

  /** Whether libjsig came first; true, too, where that cannot be asked. */
  static boolean active() {
    Linker linker = Linker.nativeLinker();
    var dlsym = linker.defaultLookup().find("dlsym");
    if (dlsym.isEmpty()) {
      return true;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment found =
          (MemorySegment)
              linker
                  .downcallHandle(dlsym.get(), FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS))
                  .invokeExact(MemorySegment.NULL, arena.allocateFrom("JVM_get_signal_action"));
      return found.address() != 0;
    } catch (Throwable e) {
      throw new IllegalStateException("dlsym", e);
    }
  }
}
