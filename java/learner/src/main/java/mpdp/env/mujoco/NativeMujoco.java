package mpdp.env.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import mpdp.MpdpException;

/** The entry points of libmpdp_mujoco.so (mpdp_mujoco.h), loaded on first use. */
final class NativeMujoco {
  private static final String RESOURCE = "/native/linux-x86_64/libmpdp_mujoco.so";
  private static final String WAY_OUT =
      "; install it (apt-get install libmujoco-dev, or set MUJOCO_PATH) and build again;"
          + " Pendulum-v1 needs neither";

  private static final SymbolLookup LIBRARY = load();

  static final MethodHandle HEADER_VERSION = bind("header_version", JAVA_INT);
  static final MethodHandle LIBRARY_VERSION = bind("library_version", JAVA_INT);
  static final MethodHandle CREATE =
      bind(
          "create", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT,
          ADDRESS, JAVA_INT);
  static final MethodHandle DESTROY = bindVoid("destroy", ADDRESS);
  static final MethodHandle SIZES = bindVoid("sizes", ADDRESS, ADDRESS);
  static final MethodHandle FACTS = bindVoid("facts", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  static final MethodHandle RESET =
      bind("reset", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
  static final MethodHandle STEP =
      bind("step", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  static final MethodHandle SAVE = bindVoid("save", ADDRESS, JAVA_INT, ADDRESS);
  static final MethodHandle RESTORE = bindVoid("restore", ADDRESS, JAVA_INT, ADDRESS);
  static final MethodHandle MESSAGE = bindVoid("message", ADDRESS, ADDRESS, JAVA_INT);
  static final MethodHandle GEOM_SHAPES = bindVoid("geom_shapes", ADDRESS, ADDRESS, ADDRESS);
  static final MethodHandle GEOM_POSES =
      bind("geom_poses", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
  static final MethodHandle MODEL_ARRAY =
      bind("model_array", JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
  static final MethodHandle RAISE = bindVoid("raise", ADDRESS, JAVA_INT);

  private NativeMujoco() {}

  private static MethodHandle bind(String name, MemoryLayout result, MemoryLayout... arguments) {
    return bind(name, FunctionDescriptor.of(result, arguments));
  }

  private static MethodHandle bindVoid(String name, MemoryLayout... arguments) {
    return bind(name, FunctionDescriptor.ofVoid(arguments));
  }

  private static MethodHandle bind(String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker()
        .downcallHandle(LIBRARY.findOrThrow("mpdp_mujoco_" + name), descriptor);
  }

  private static SymbolLookup load() {
    try (InputStream library = NativeMujoco.class.getResourceAsStream(RESOURCE)) {
      if (library == null) {
        throw new MpdpException("this build has no MuJoCo" + WAY_OUT);
      }
      Path folder = Files.createTempDirectory("mpdp-mujoco");
      Path file = folder.resolve("libmpdp_mujoco.so");
      try {
        Files.copy(library, file);
        return SymbolLookup.libraryLookup(file, Arena.global());
      } finally {
        // The mapping stays.
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new MpdpException("cannot unpack the MuJoCo stepper: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new MpdpException("MuJoCo's library is missing" + WAY_OUT, e);
    }
  }
}
