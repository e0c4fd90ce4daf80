package mpdp.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import mpdp.MpdpException;
import mpdp.backend.Program;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.RowMode;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A kernel that cannot get scratch memory is an exception, and the team works on afterwards. */
class CpuMemoryTest {
  private static final int ROWS = 4096;
  private static final int INPUTS = 4096;

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void exhaustedMemoryIsAnException(int threads) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-Xmx64m",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Child.class.getName(),
                    Integer.toString(threads)))
            .redirectErrorStream(true)
            .start();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(output).isZero();
    assertThat(output).contains("out of memory: program wide could not get", "works again: 2.0");
  }

  /** A backward pass whose members' parts of dx (134 MB) do not fit, then one with room. */
  static final class Child {
    private static final int ADDRESS_SPACE = 9; // RLIMIT_AS
    private static final long UNLIMITED = -1;

    private Child() {}

    public static void main(String[] arguments) throws Throwable {
      try (CpuBackend backend = new CpuBackend(Integer.parseInt(arguments[0]));
          TensorArena arena = backend.arena("test")) {
        Buffer dx = arena.allocate((long) ROWS * INPUTS);
        Program program = backend.record("wide", recorder -> recorder.add(backward(arena, dx)));
        limitAddressSpace(addressSpace() + (32L << 20));
        try {
          program.run();
        } catch (MpdpException expected) {
          System.out.println(expected.getMessage());
        }
        limitAddressSpace(UNLIMITED);
        program.run();
        System.out.println("works again: " + dx.get((long) ROWS * INPUTS - 1));
      }
    }

    /** Ones everywhere and one hidden unit: dx is 1 for each member. */
    private static MlpBackward backward(TensorArena arena, Buffer dx) {
      MlpShape shape = new MlpShape(2, INPUTS, 1, 1, 1, MlpShape.Activation.RELU, false);
      return new MlpBackward(
          shape,
          ROWS,
          RowMode.SHARED,
          0,
          2,
          false,
          false,
          arena.allocate((long) ROWS * INPUTS),
          ones(arena, shape.parameterWords()),
          ones(arena, shape.tapeWords(2, ROWS)),
          ones(arena, 2 * ROWS),
          null,
          null,
          arena.allocate(shape.scratchWords(2, ROWS)),
          null,
          dx);
    }

    private static Buffer ones(TensorArena arena, long words) {
      Buffer buffer = arena.allocate(words);
      float[] ones = new float[(int) words];
      Arrays.fill(ones, 1);
      buffer.write(ones);
      return buffer;
    }

    private static long addressSpace() throws IOException {
      long pages = Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[0]);
      return pages * 4096;
    }

    private static void limitAddressSpace(long bytes) throws Throwable {
      Linker linker = Linker.nativeLinker();
      MethodHandle setrlimit =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("setrlimit"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment limit = arena.allocateFrom(ValueLayout.JAVA_LONG, bytes, UNLIMITED);
        if ((int) setrlimit.invokeExact(ADDRESS_SPACE, limit) != 0) {
          throw new IllegalStateException("setrlimit failed");
        }
      }
    }
  }
}
