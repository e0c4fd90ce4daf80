package mpdp.benchmark.harness;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import mpdp.MpdpException;
import mpdp.env.mujoco.MujocoSimulator;
import mpdp.env.mujoco.MujocoTask;

/** MuJoCo alone: a batch of simulations stepped without environments around them. */
public final class OpenLoop implements AutoCloseable {
  private static final SymbolLookup LIBRARY = load();
  private static final MethodHandle CREATE =
      bind(FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT), "create");
  private static final MethodHandle DESTROY = bind("destroy", ADDRESS);
  private static final MethodHandle START = bind("start", ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle OBSERVE = bind("observe", ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle STEP = bind("step", ADDRESS, ADDRESS);

  private final MemorySegment handle;
  private final int skip;

  /**
   * @param task a task of the program's own, of which positions and velocities are observed
   * @param batch simulations
   * @param threads threads that step them, the caller's included
   */
  public OpenLoop(MujocoTask task, int batch, int threads) {
    skip = task.observation().skipPositions();
    try (Arena call = Arena.ofConfined()) {
      Path file = unpack(MujocoSimulator.class, task.model());
      try {
        handle =
            (MemorySegment)
                CREATE.invokeExact(
                    call.allocateFrom(file.toString()), batch, threads, task.frameSkip());
      } finally {
        Files.delete(file);
      }
    } catch (Throwable e) {
      throw new MpdpException("cannot start MuJoCo for " + task.id() + ": " + e.getMessage(), e);
    }
    if (handle.address() == 0) {
      throw new MpdpException("MuJoCo cannot load " + task.model());
    }
  }

  private static MethodHandle bind(String name, MemoryLayout... arguments) {
    return bind(FunctionDescriptor.ofVoid(arguments), name);
  }

  private static MethodHandle bind(FunctionDescriptor descriptor, String name) {
    return Linker.nativeLinker()
        .downcallHandle(LIBRARY.findOrThrow("mpdp_open_loop_" + name), descriptor);
  }

  private static SymbolLookup load() {
    try {
      Path file = unpack(OpenLoop.class, "/native/linux-x86_64/libmpdp_open_loop.so");
      try {
        return SymbolLookup.libraryLookup(file, Arena.global());
      } finally {
        Files.delete(file);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new MpdpException("cannot load MuJoCo's comparator: " + e.getMessage(), e);
    }
  }

  private static Path unpack(Class<?> beside, String resource) throws IOException {
    try (InputStream in = beside.getResourceAsStream(resource)) {
      if (in == null) {
        throw new MpdpException("this build has no " + resource + ": install libmujoco-dev");
      }
      Path file = Files.createTempFile("mpdp-", resource.substring(resource.lastIndexOf('.')));
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    }
  }

  /** Puts simulation {@code i} where {@code observation} (positions, velocities) says. */
  public void start(int i, MemorySegment observation) {
    try {
      START.invokeExact(handle, i, skip, observation);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes where simulation {@code i} is. */
  public void observe(int i, MemorySegment observation) {
    try {
      OBSERVE.invokeExact(handle, i, skip, observation);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** One environment step's worth of physics for all, {@code actions} (batch, actions). */
  public void step(MemorySegment actions) {
    try {
      STEP.invokeExact(handle, actions);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      DESTROY.invokeExact(handle);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
