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
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.RowMode;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A kernel that cannot get scratch memory is an exception, and the team works on afterwards. */
class CpuMemoryTest {
  private static final int WIDTH = 5000;

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
    assertThat(output).contains("out of memory: program wide could not get", "works again: 5000.0");
  }

  /** Runs a network whose packed weights (100 MB) do not fit the address space, then with room. */
  static final class Child {
    private static final int ADDRESS_SPACE = 9; // RLIMIT_AS
    private static final long UNLIMITED = -1;

    private Child() {}

    public static void main(String[] arguments) throws Throwable {
      try (CpuBackend backend = new CpuBackend(Integer.parseInt(arguments[0]));
          TensorArena arena = backend.arena("test")) {
        MlpShape shape = new MlpShape(1, WIDTH, WIDTH, 1, 1, MlpShape.Activation.RELU, false);
        Buffer y = arena.allocate(1);
        Program program =
            backend.record("wide", recorder -> recorder.add(forward(arena, shape, y)));
        limitAddressSpace(addressSpace() + (32L << 20));
        try {
          program.run();
        } catch (MpdpException expected) {
          System.out.println(expected.getMessage());
        }
        limitAddressSpace(UNLIMITED);
        program.run();
        System.out.println("works again: " + y.floats()[0]);
      }
    }

    /** Ones through ones: the first hidden unit alone reaches the output, which is the width. */
    private static MlpForward forward(TensorArena arena, MlpShape shape, Buffer y) {
      Buffer parameters = arena.allocate(shape.parameterWords());
      float[] ones = new float[WIDTH];
      Arrays.fill(ones, 1);
      for (int i = 0; i < WIDTH; i++) {
        parameters.slice((long) i * WIDTH, 1).write(ones[i]);
      }
      parameters.slice(shape.weights(1), 1).write(1f);
      Buffer x = arena.allocate(WIDTH);
      x.write(ones);
      return new MlpForward(shape, 1, RowMode.SHARED, 0, 1, x, parameters, null, null, null, y);
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
