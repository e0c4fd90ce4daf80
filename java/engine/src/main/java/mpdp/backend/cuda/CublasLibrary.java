package mpdp.backend.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import mpdp.MpdpException;

/**
 * The file of NVIDIA's library, and calls of its functions. It is called directly, since JCublas
 * 12.6 loads with the library of CUDA 12 alone, and the functions that we call are the same in
 * versions 12 and 13.
 */
final class CublasLibrary {
  /** Names the file. */
  static final String FILE_PROPERTY = "mpdp.cublas";

  private static final List<String> NAMES = List.of("libcublas.so.13", "libcublas.so.12");
  private static final long MOST_NAME_BYTES = 256;

  private final SymbolLookup symbols;

  /**
   * Loads it, for the rest of the process: what it has left with the CUDA runtime ends with that.
   *
   * @throws MpdpException if it is not here
   */
  CublasLibrary() {
    symbols = find();
  }

  private static SymbolLookup find() {
    String named = System.getProperty(FILE_PROPERTY);
    for (String name : named == null ? NAMES : List.of(named)) {
      try {
        return SymbolLookup.libraryLookup(name, Arena.global());
      } catch (IllegalArgumentException e) {
        // The next name may be there.
      }
    }
    throw new MpdpException(
        "%s was not found or does not load: name cuBLAS's file by -D%s=FILE, or leave out -D%s=cublas"
            .formatted(
                named == null ? String.join(" or ", NAMES) : named,
                FILE_PROPERTY,
                CudaBackend.PRODUCTS_PROPERTY));
  }

  /** A function that returns a status. */
  MethodHandle function(String name, MemoryLayout... parameters) {
    return handle(name, FunctionDescriptor.of(JAVA_INT, parameters));
  }

  private MethodHandle handle(String name, FunctionDescriptor descriptor) {
    MemorySegment symbol =
        symbols
            .find(name)
            .orElseThrow(() -> new MpdpException("the cuBLAS that was found lacks " + name));
    return Linker.nativeLinker().downcallHandle(symbol, descriptor);
  }

  /**
   * Calls a function.
   *
   * @param what was being done, as in "WHAT failed: ..."
   * @throws MpdpException if its status is not 0
   */
  void call(String what, MethodHandle function, Object... arguments) {
    int status = status(function, arguments);
    if (status != 0) {
      throw new MpdpException(
          "%s failed: %s (%d) (-D%s=own does without cuBLAS)"
              .formatted(what, name(status), status, CudaBackend.PRODUCTS_PROPERTY));
    }
  }

  /** Calls a function; its status. */
  static int status(MethodHandle function, Object... arguments) {
    try {
      return (int) function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException("a call of cuBLAS failed", e);
    }
  }

  private String name(int status) {
    MethodHandle name = handle("cublasGetStatusName", FunctionDescriptor.of(ADDRESS, JAVA_INT));
    try {
      MemorySegment text = (MemorySegment) name.invokeExact(status);
      return text.reinterpret(MOST_NAME_BYTES).getString(0);
    } catch (Throwable e) {
      throw new IllegalStateException("a call of cuBLAS failed", e);
    }
  }
}
