package mpdp.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import mpdp.MpdpException;
import mpdp.backend.Backend;
import mpdp.backend.Backends;
import mpdp.backend.op.Fill;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.Test;

/** What is said where CUDA does not work, in a JVM of its own each time. */
class CudaProbeTest {
  private static Child emulated() {
    assumeTrue(Emulator.built(), "the emulator was not built: it takes cmake, ninja and g++");
    return new Child().driver(Emulator.folder()).property(CudaBackend.EMULATOR_PROPERTY, "true");
  }

  @Test
  void withoutJCudaTheEngineWorks() throws IOException, InterruptedException {
    assertThat(new Child().without("jcuda").run(Probe.class))
        .contains("false JCuda is not on the class path")
        .contains("reference opened")
        .endsWith("exit code 0");
  }

  @Test
  void withoutItsNativeLibraryToo() throws IOException, InterruptedException {
    assertThat(new Child().without("jcuda-natives").run(Probe.class))
        .contains("false JCuda is not on the class path")
        .endsWith("exit code 0");
  }

  @Test
  void anOldDriverIsRefusedBeforeAnythingElseIsCalled() throws IOException, InterruptedException {
    assertThat(emulated().set("MPDP_EMULATOR_VERSION", "11080").run(Probe.class))
        .contains("false the NVIDIA driver is too old: it supports CUDA 11.8, 12.0 is needed")
        .endsWith("exit code 0");
  }

  @Test
  void aDriverWithoutAGpuIsRefused() throws IOException, InterruptedException {
    assertThat(emulated().set("MPDP_EMULATOR_DEVICES", "0").run(Probe.class))
        .contains("false no GPU")
        .endsWith("exit code 0");
  }

  @Test
  void theEmulatorIsRefusedUnlessAskedFor() throws IOException, InterruptedException {
    assertThat(emulated().property(CudaBackend.EMULATOR_PROPERTY, "false").run(Probe.class))
        .contains("false libcuda.so.1 is an emulator for tests")
        .endsWith("exit code 0");
  }

  @Test
  void machineCodeThatFitsIsUsed() throws IOException, InterruptedException {
    assertThat(emulated().run(Probe.class, "cuda"))
        .contains("true emulator (no GPU), sm_90, CUDA 13.0, kernels ready")
        .contains("cuda opened")
        .endsWith("exit code 0");
  }

  @Test
  void aFatbinThatDoesNotFitFallsBackToPtx() throws IOException, InterruptedException {
    for (String result : new String[] {"200", "209", "218", "222"}) {
      assertThat(emulated().set("MPDP_EMULATOR_REFUSE_FATBIN", result).run(Probe.class, "cuda"))
          .contains("kernels compiled by the driver")
          .contains("cuda opened");
    }
    assertThat(emulated().set("MPDP_EMULATOR_REFUSE_FATBIN", "1").run(Probe.class))
        .contains("false loading the kernels failed: CUDA_ERROR (1)");
  }

  @Test
  void cublasIsFoundOrAskedFor() throws IOException, InterruptedException {
    assertThat(withCublas().run(Probe.class, "cuda"))
        .contains("networks by cuBLAS 12.0.0")
        .contains("cuda opened");
    assertThat(withCublas().property(CublasLibrary.FILE_PROPERTY, "/nowhere").run(Probe.class))
        .contains(
            "false /nowhere was not found or does not load: name cuBLAS's file by -Dmpdp.cublas=FILE");
    assertThat(withCublas().set("MPDP_EMULATOR_CUBLAS_FAILS", "1").run(Probe.class))
        .contains("false starting cuBLAS failed: CUBLAS_STATUS_NOT_INITIALIZED (1)");
    assertThat(emulated().property(CudaBackend.PRODUCTS_PROPERTY, "mkl").run(Probe.class))
        .contains("-Dmpdp.cuda.products=mkl: choose own or cublas");
  }

  private static Child withCublas() {
    return emulated()
        .property(CudaBackend.PRODUCTS_PROPERTY, "cublas")
        .property(CublasLibrary.FILE_PROPERTY, Emulator.cublas());
  }

  @Test
  void exhaustedMemorySaysHowMuchAndWhatToLower() throws IOException, InterruptedException {
    assertThat(emulated().set("MPDP_EMULATOR_MEMORY_MIB", "16").run(Hungry.class))
        .contains("out of device memory: replay asked for 13 MiB on top of its 8,")
        .contains("of 16 MiB are free; lower train.replay-capacity")
        .contains("then there was room")
        .endsWith("exit code 0");
  }

  /**
   * Prints what the probe says of cuda, and opens the back end named (the reference by default).
   */
  static final class Probe {
    private Probe() {}

    public static void main(String[] arguments) {
      String name = arguments.length > 0 ? arguments[0] : "reference";
      Backends.probe().stream()
          .filter(status -> status.name().equals("cuda"))
          .forEach(status -> System.out.println(status.available() + " " + status.detail()));
      try (Backend backend = Backends.open(name, 1);
          TensorArena arena = backend.arena("probe")) {
        Buffer buffer = arena.allocate(3);
        backend.run(new Fill(3, 2, buffer));
        System.out.println(backend.name() + (buffer.get(2) == 2 ? " opened" : " does not work"));
      }
    }
  }

  /** Asks for too much, then for less. */
  static final class Hungry {
    private Hungry() {}

    public static void main(String[] arguments) {
      try (Backend backend = Backends.open("cuda", 1)) {
        try (TensorArena arena = backend.arena("replay")) {
          arena.allocate(8 << 18);
          arena.allocate((12 << 18) + 1);
        } catch (MpdpException e) {
          System.out.println(e.getMessage());
        }
        try (TensorArena arena = backend.arena("replay")) {
          arena.allocate(12 << 18);
          System.out.println("then there was room");
        }
      }
    }
  }
}
