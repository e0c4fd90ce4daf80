package mpdp.backend.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import org.jspecify.annotations.Nullable;

/**
 * Whether a CUDA driver and a GPU are here. It asks the driver itself, without JCuda: a driver that
 * lacks a function ends the JVM when JCuda calls it, so the version has to be known first.
 */
final class CudaProbe {
  /** CUDA 12.0: the oldest driver (525) whose functions and PTX JCuda 12.6 and our kernels use. */
  private static final int OLDEST_VERSION = 12_000;

  private static final int NO_DEVICE = 100;

  private CudaProbe() {}

  /** Why CUDA cannot be used here, in one line; null if it can. */
  static @Nullable String refusal() {
    if (!hasJCuda()) {
      return "JCuda is not on the class path: add org.jcuda:jcuda and jcuda-natives 12.6.0";
    }
    SymbolLookup driver;
    try {
      driver = SymbolLookup.libraryLookup("libcuda.so.1", Arena.global());
    } catch (IllegalArgumentException e) {
      return "no NVIDIA driver: libcuda.so.1 was not found";
    }
    try (Arena arena = Arena.ofConfined()) {
      return refusal(driver, arena);
    }
  }

  private static @Nullable String refusal(SymbolLookup driver, Arena arena) {
    MemorySegment number = arena.allocate(JAVA_INT);
    int result = call(driver, "cuDriverGetVersion", number);
    int version = number.get(JAVA_INT, 0);
    if (result == 0 && version < OLDEST_VERSION) {
      return "the NVIDIA driver is too old: it supports CUDA %s, 12.0 is needed (driver 525 or later)"
          .formatted(versionText(version));
    }
    result = result == 0 ? init(driver) : result;
    if (result == 0) {
      result = call(driver, "cuDeviceGetCount", number);
    }
    if (result == NO_DEVICE || result == 0 && number.get(JAVA_INT, 0) == 0) {
      return "no GPU: the NVIDIA driver is there, but finds no device";
    }
    return result == 0
        ? null
        : "the NVIDIA driver does not start: CUDA error %d (nvidia-smi may tell why)"
            .formatted(result);
  }

  /** 13000 is 13.0. */
  static String versionText(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  private static boolean hasJCuda() {
    try {
      Class.forName("jcuda.driver.JCudaDriver", false, CudaProbe.class.getClassLoader());
      String natives = "/lib/libJCudaDriver-12.6.0-linux-x86_64.so";
      return CudaProbe.class.getResource(natives) != null;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static int call(SymbolLookup driver, String function, MemorySegment number) {
    try {
      return (int)
          Linker.nativeLinker()
              .downcallHandle(
                  driver.findOrThrow(function), FunctionDescriptor.of(JAVA_INT, ADDRESS))
              .invokeExact(number);
    } catch (Throwable e) {
      throw new IllegalStateException(function + " failed", e);
    }
  }

  private static int init(SymbolLookup driver) {
    try {
      return (int)
          Linker.nativeLinker()
              .downcallHandle(
                  driver.findOrThrow("cuInit"), FunctionDescriptor.of(JAVA_INT, JAVA_INT))
              .invokeExact(0);
    } catch (Throwable e) {
      throw new IllegalStateException("cuInit failed", e);
    }
  }
}
