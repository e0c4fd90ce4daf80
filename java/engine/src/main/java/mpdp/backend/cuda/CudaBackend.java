package mpdp.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.backend.Backend;
import mpdp.backend.BackendStatus;
import mpdp.backend.BusyTime;
import mpdp.backend.Program;
import mpdp.backend.Recorder;
import mpdp.backend.op.FloatProducts;
import mpdp.backend.op.Operation;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Kernels on the first GPU that the driver shows (CUDA_VISIBLE_DEVICES picks another). A program's
 * run is one launch of a graph and does not wait for its end; reads and writes of buffers do, so a
 * kernel's failure shows there. With {@code -D}{@value #DEBUG_PROPERTY}{@code =true} ops run one by
 * one, each is waited for and named if it fails, and each buffer is an allocation of its own.
 */
public final class CudaBackend implements Backend {
  /** Runs op by op, to find the one that fails. */
  public static final String DEBUG_PROPERTY = "mpdp.cuda.debug";

  /** How networks are multiplied: {@code fp32}, or {@code tf32} ({@link FloatProducts}). */
  public static final String PRECISION_PROPERTY = "mpdp.cuda.precision";

  /** Who multiplies networks: {@code own} kernels, or {@code cublas} ({@link MatrixProvider}). */
  public static final String PRODUCTS_PROPERTY = "mpdp.cuda.products";

  /**
   * How many ops on the same rows make a kernel of their own at least: 2 by default; 0 for never,
   * which is the default with {@value #DEBUG_PROPERTY}.
   */
  public static final String CHAIN_PROPERTY = "mpdp.cuda.chain";

  /** Lets {@code --backend cuda} open the emulator that tests use; auto never does. */
  public static final String EMULATOR_PROPERTY = "mpdp.cuda.emulator";

  private final boolean debug = Boolean.getBoolean(DEBUG_PROPERTY);
  private final int shortestChain;
  private final CudaDevice device;
  private final CudaModule module;
  private final @Nullable Cublas cublas;
  private final Staging staging;
  private final BusyTime busy = new BusyTime();
  private @Nullable String lastProgram;
  private boolean closed;

  /**
   * Opens the GPU and loads the kernels.
   *
   * @throws MpdpException if either fails; {@link #status} tells beforehand whether it will
   * @throws UsageException if {@value #PRECISION_PROPERTY} names no precision, {@value
   *     #PRODUCTS_PROPERTY} nobody, or {@value #CHAIN_PROPERTY} no number
   */
  public CudaBackend() {
    String refusal = CudaProbe.refusal();
    if (refusal != null) {
      throw new MpdpException(refusal);
    }
    shortestChain = shortestChain(System.getProperty(CHAIN_PROPERTY, debug ? "0" : "2"));
    FloatProducts products = products(System.getProperty(PRECISION_PROPERTY, "fp32"));
    MatrixProvider provider = MatrixProvider.of(System.getProperty(PRODUCTS_PROPERTY, "own"));
    device = new CudaDevice(products, provider);
    try {
      module = new CudaModule();
      cublas = provider == MatrixProvider.CUBLAS ? new Cublas(products) : null;
      staging = new Staging(device, busy);
    } catch (RuntimeException e) {
      device.close(); // and with its context all that was opened in it
      throw e;
    }
  }

  /** Whether this back end can run here, and if not, why; never throws. */
  public static BackendStatus status() {
    String refusal = CudaProbe.refusal();
    if (refusal != null) {
      return new BackendStatus("cuda", false, refusal);
    }
    try (CudaBackend backend = new CudaBackend()) {
      boolean emulated = backend.device.emulated();
      if (emulated && !Boolean.getBoolean(EMULATOR_PROPERTY)) {
        return new BackendStatus("cuda", false, "libcuda.so.1 is an emulator for tests");
      }
      return new BackendStatus("cuda", true, !emulated, backend.device());
    } catch (MpdpException e) {
      return new BackendStatus("cuda", false, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public String device() {
    String networks = cublas == null ? "" : ", networks by " + cublas.description();
    return cudaDevice().description() + ", " + module.form() + networks;
  }

  @Override
  public FloatProducts floatProducts() {
    return cudaDevice().limits().products();
  }

  @Override
  public TensorArena arena(String label) {
    return new CudaArena(this, label);
  }

  @Override
  public Program record(String label, Consumer<Recorder> body) {
    List<Operation> operations = new ArrayList<>();
    body.accept(operations::add);
    return new CudaProgram(this, label, operations, DeviceScratch.MOST_WORDS);
  }

  /** Each program has scratch of its own, so that the graph has no edge between them. */
  @Override
  public Program join(String label, List<Program> programs) {
    List<Operation> operations =
        programs.stream().flatMap(program -> program.operations().stream()).toList();
    return new CudaProgram(this, label, operations, programs.size() * DeviceScratch.MOST_WORDS);
  }

  @Override
  public void finish() {
    cudaDevice().enter();
    long start = System.nanoTime();
    int result = device.waitForWork();
    busy.since(start);
    JCuda.check(result, "waiting for the GPU" + suspect());
  }

  @Override
  public long busyNanos() {
    return busy.nanos();
  }

  BusyTime busy() {
    return busy;
  }

  CudaDevice cudaDevice() {
    if (closed) {
      throw new IllegalStateException("the cuda back end is closed");
    }
    return device;
  }

  CudaModule module() {
    return module;
  }

  /** The library that {@link MatrixProvider#CUBLAS} stands for. */
  Cublas cublas() {
    return Objects.requireNonNull(cublas);
  }

  Staging staging() {
    cudaDevice().enter();
    return staging;
  }

  boolean debug() {
    return debug;
  }

  /** Ops that {@link RowChains} makes one kernel of. */
  int shortestChain() {
    return shortestChain;
  }

  private static FloatProducts products(String name) {
    return switch (name) {
      case "fp32" -> FloatProducts.WHOLE;
      case "tf32" -> FloatProducts.TF32;
      default ->
          throw new UsageException(
              "-D%s=%s: choose fp32 or tf32".formatted(PRECISION_PROPERTY, name));
    };
  }

  private static int shortestChain(String value) {
    if (!value.matches("[0-6]")) {
      throw new UsageException(
          "-D%s=%s: choose a number of ops from 1 to 6, or 0 for a kernel of its own for each op"
              .formatted(CHAIN_PROPERTY, value));
    }
    return Integer.parseInt(value);
  }

  /** Remembers whose work a later failure may be. */
  void submitted(String program) {
    lastProgram = program;
  }

  /** Whose work a failure may be, for the end of a message's subject. */
  String suspect() {
    return lastProgram == null
        ? ""
        : " (after program %s; -D%s=true names the op)".formatted(lastProgram, DEBUG_PROPERTY);
  }

  @Override
  public void close() {
    if (!closed) {
      device.enter();
      staging.close();
      if (cublas != null) {
        cublas.close();
      }
      module.close();
      device.close();
      closed = true;
    }
  }
}
