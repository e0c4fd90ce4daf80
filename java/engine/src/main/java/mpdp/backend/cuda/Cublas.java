package mpdp.backend.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphNode;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;
import mpdp.MpdpException;
import mpdp.backend.cuda.MatrixProduct.Matrix;
import mpdp.backend.op.FloatProducts;

/**
 * NVIDIA's library of matrix products, if it is here: it comes with the CUDA toolkit and with
 * PyTorch. A product becomes part of a graph by being captured.
 */
final class Cublas implements AutoCloseable {
  /** Of an op's scratch, for the library's partial sums: 4 MiB. Products of an op share it. */
  static final long WORKSPACE_WORDS = 1L << 20;

  /** What the workspace's place is a multiple of: 256 bytes. */
  static final long WORKSPACE_ALIGNMENT = 64;

  /** The function behind every product. */
  static final String PRODUCT = "cublasSgemmStridedBatched";

  private static final MemoryLayout[] PRODUCT_PARAMETERS = {
    ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, // handle, transposed, m, n, k
    ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG, // alpha, A
    ADDRESS, JAVA_INT, JAVA_LONG, // B
    ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG, // beta, C
    JAVA_INT
  };

  private static final int TF32 = 3;

  private final Arena arena = Arena.ofAuto();
  private final CublasLibrary library = new CublasLibrary();
  private final MethodHandle setStream = library.function("cublasSetStream_v2", ADDRESS, ADDRESS);
  private final MethodHandle setWorkspace =
      library.function("cublasSetWorkspace_v2", ADDRESS, ADDRESS, JAVA_LONG);
  private final MethodHandle product = library.function(PRODUCT, PRODUCT_PARAMETERS);
  private final MemorySegment zero = arena.allocateFrom(JAVA_FLOAT, 0);
  private final MemorySegment one = arena.allocateFrom(JAVA_FLOAT, 1);
  private final MemorySegment handle;
  private final DeviceStream recording;
  private final String version;

  /**
   * Loads the library for the current context.
   *
   * @throws MpdpException if it is not here, or does not start
   */
  Cublas(FloatProducts products) {
    MemorySegment pointer = arena.allocate(ADDRESS);
    library.call("starting cuBLAS", library.function("cublasCreate_v2", ADDRESS), pointer);
    handle = pointer.get(ADDRESS, 0);
    MethodHandle setMathMode = library.function("cublasSetMathMode", ADDRESS, JAVA_INT);
    int math = products == FloatProducts.TF32 ? TF32 : 0;
    library.call("choosing cuBLAS's precision", setMathMode, handle, math);
    version = version();
    recording = DeviceStream.create();
  }

  private String version() {
    MemorySegment number = arena.allocate(JAVA_INT);
    MethodHandle getVersion = library.function("cublasGetVersion_v2", ADDRESS, ADDRESS);
    library.call("asking for cuBLAS's version", getVersion, handle, number);
    int value = number.get(JAVA_INT, 0);
    return value / 10_000 + "." + value % 10_000 / 100 + "." + value % 100;
  }

  /** As in "cuBLAS 12.8.4". */
  String description() {
    return "cuBLAS " + version;
  }

  /**
   * Submits products.
   *
   * @param name of the op, for messages
   * @param scratch device address of the op's scratch
   */
  void multiply(String name, MatrixProduct wanted, long scratch, DeviceStream stream) {
    library.call(name, setStream, handle, stream.handle());
    // After the stream, which takes the workspace away.
    var workspace = MemorySegment.ofAddress(scratch + wanted.workspaceAt() * Float.BYTES);
    library.call(name, setWorkspace, handle, workspace, WORKSPACE_WORDS * Float.BYTES);
    Matrix left = wanted.left();
    Matrix right = wanted.right();
    Matrix result = wanted.result();
    // Columns come first in the library: result^T = right^T x left^T is the same memory.
    library.call(
        name,
        product,
        handle,
        right.transposed() ? 1 : 0,
        left.transposed() ? 1 : 0,
        wanted.columns(),
        wanted.rows(),
        wanted.inner(),
        one,
        MemorySegment.ofAddress(right.address(scratch)),
        right.transposed() ? wanted.inner() : wanted.columns(),
        right.stride(),
        MemorySegment.ofAddress(left.address(scratch)),
        left.transposed() ? wanted.rows() : wanted.inner(),
        left.stride(),
        wanted.accumulate() ? one : zero,
        MemorySegment.ofAddress(result.address(scratch)),
        wanted.columns(),
        result.stride(),
        wanted.members());
  }

  /** Adds products to {@code graph}, to run after {@code before}; as {@link #multiply}. */
  CUgraphNode add(
      String name, MatrixProduct wanted, long scratch, CUgraph graph, CUgraphNode[] before) {
    CUgraph captured = new CUgraph();
    int begun =
        JCudaDriver.cuStreamBeginCapture(
            recording, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED);
    JCuda.check(begun, name);
    try {
      multiply(name, wanted, scratch, recording);
    } catch (RuntimeException e) {
      JCudaDriver.cuStreamEndCapture(recording, captured);
      JCudaDriver.cuGraphDestroy(captured);
      throw e;
    }
    JCuda.check(JCudaDriver.cuStreamEndCapture(recording, captured), name);
    CUgraphNode node = new CUgraphNode();
    int added = JCudaDriver.cuGraphAddChildGraphNode(node, graph, before, before.length, captured);
    JCudaDriver.cuGraphDestroy(captured);
    JCuda.check(added, name);
    return node;
  }

  /** Work that was submitted must be done. */
  @Override
  public void close() {
    CublasLibrary.status(library.function("cublasDestroy_v2", ADDRESS), handle);
    JCudaDriver.cuStreamDestroy(recording);
  }
}
