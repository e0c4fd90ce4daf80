package mpdp.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The libcuda.so.1 of {@code cuda/emulator}: it takes the place of a driver where there is none, so
 * that every test of a back end runs the cuda one too.
 */
public final class Emulator {
  private static boolean loaded;

  private Emulator() {}

  /** The folder that the build put it into, or would have. */
  public static Path folder() {
    return Path.of(System.getProperty("mpdp.emulator", "target/emulator")).toAbsolutePath();
  }

  /** Whether the build made it: that takes a C++ compiler. */
  public static boolean built() {
    return Files.exists(library());
  }

  /** The library of products that goes with it. */
  static String cublas() {
    return folder().resolve("libcublas.so.12").toString();
  }

  private static Path library() {
    return folder().resolve("libcuda.so.1");
  }

  /** Whether this process has a driver already: a real one, or this. */
  private static boolean hasDriver() {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup.libraryLookup("libcuda.so.1", arena);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Loads it, unless a driver is here or {@code required} asks for a real one.
   *
   * @param required back ends whose absence is a failure; "emulator" means this one, or a real
   *     driver
   */
  public static synchronized void load(List<String> required) {
    if (loaded || required.contains("cuda") || hasDriver()) {
      return;
    }
    if (!built()) {
      if (required.contains("emulator")) {
        throw new AssertionError("the CUDA emulator is required, but is not in " + folder());
      }
      return;
    }
    System.load(library().toString());
    System.setProperty(CudaBackend.EMULATOR_PROPERTY, "true");
    loaded = true;
  }
}
