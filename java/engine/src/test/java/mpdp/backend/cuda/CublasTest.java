package mpdp.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphNode;
import jcuda.driver.JCudaDriver;
import mpdp.MpdpException;
import mpdp.backend.cuda.MatrixProduct.Matrix;
import mpdp.backend.harness.CaseResult;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.backend.harness.Parity;
import mpdp.backend.harness.TestBackends;
import mpdp.backend.op.FloatProducts;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.Operation;
import mpdp.tensor.Buffer;
import mpdp.tensor.HostArena;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Networks whose matrices a library multiplies: the emulator's, where no real one is named. */
class CublasTest {
  private static final CudaLimits LIBRARY =
      new CudaLimits(132, 2048, 227 * 1024, FloatProducts.WHOLE, MatrixProvider.CUBLAS);

  @BeforeEach
  void needsTheLibrary() {
    TestBackends.names();
    String status = CudaBackend.status().detail();
    if (status.startsWith("emulator")) {
      System.setProperty(CublasLibrary.FILE_PROPERTY, Emulator.cublas());
    }
    System.setProperty(CudaBackend.PRODUCTS_PROPERTY, "cublas");
    assumeTrue(CudaBackend.status().available(), CudaBackend.status().detail());
  }

  @AfterEach
  void forget() {
    System.clearProperty(CudaBackend.PRODUCTS_PROPERTY);
    if (Emulator.built()) {
      System.clearProperty(CublasLibrary.FILE_PROPERTY);
    }
  }

  /** Cases with a tape and without, of every row mode, activation and kind of gradient. */
  @Test
  void networksAgreeWithTheReference() {
    int forward = 0;
    int backward = 0;
    try (CudaBackend backend = new CudaBackend()) {
      assertThat(backend.device()).contains(", networks by cuBLAS ");
      for (OpCase opCase : OpCases.all()) {
        Operation operation = operation(opCase);
        if (operation instanceof MlpForward op && LibraryLaunches.takes(op)) {
          assertThat(products(op)).isEqualTo(op.shape().layers() + 1);
          forward++;
        } else if (operation instanceof MlpBackward op && LibraryLaunches.takes(op)) {
          int layers = op.shape().layers();
          int weights = op.dParameters() == null ? 0 : layers + 1;
          assertThat(products(op)).isEqualTo(layers + weights + (op.dx() == null ? 0 : 1));
          backward++;
        } else {
          continue;
        }
        Parity.check(CaseResult.expected(opCase), CaseResult.of(opCase, backend), "cublas");
      }
    }
    assertThat(forward).isGreaterThan(50);
    assertThat(backward).isGreaterThan(50);
  }

  private static Operation operation(OpCase opCase) {
    try (HostArena arena = new HostArena("case")) {
      return opCase.make().apply(opCase.memory(arena));
    }
  }

  private static long products(Operation operation) {
    List<Launch> launches = OpLaunches.of(operation, LIBRARY).launches();
    return launches.stream().filter(MatrixProduct.class::isInstance).count();
  }

  /** Rows that are counted or routed on the device. */
  @Test
  void whatTheLibraryCannotDoStaysWithOurKernels() {
    int kept = 0;
    for (OpCase opCase : OpCases.all()) {
      Operation operation = operation(opCase);
      boolean keeps =
          operation instanceof MlpForward forward && !LibraryLaunches.takes(forward)
              || operation instanceof MlpBackward backward && !LibraryLaunches.takes(backward);
      if (keeps) {
        assertThat(OpLaunches.of(operation, LIBRARY))
            .isEqualTo(OpLaunches.of(operation, CudaLimits.H100));
        kept++;
      }
    }
    assertThat(kept).isGreaterThan(50);
  }

  /** A result past the end of its memory, which only the emulator looks at. */
  @Test
  void whatTheLibraryRefusesNamesTheOp() {
    try (CudaBackend backend = new CudaBackend();
        TensorArena arena = backend.arena("product")) {
      Buffer words = arena.allocate(Cublas.WORKSPACE_WORDS);
      Matrix fits = new Matrix(words, 0, 4, false);
      Matrix ends = new Matrix(words, 0, words.words(), false);
      MatrixProduct product = new MatrixProduct(2, 2, 2, 2, fits, fits, ends, false, 0);
      assumeTrue(backend.device().startsWith("emulator"), backend.device());
      Cublas cublas = backend.cublas();
      String message = "op x failed: CUBLAS_STATUS_INVALID_VALUE (7) (-Dmpdp.cuda.products=own";
      assertThatThrownBy(
              () ->
                  cublas.multiply("op x", product, words.address(), backend.cudaDevice().stream()))
          .isInstanceOf(MpdpException.class)
          .hasMessageStartingWith(message);
      CUgraph graph = new CUgraph();
      JCuda.check(JCudaDriver.cuGraphCreate(graph, 0), "making a graph");
      assertThatThrownBy(
              () -> cublas.add("op x", product, words.address(), graph, new CUgraphNode[0]))
          .isInstanceOf(MpdpException.class)
          .hasMessageStartingWith(message);
      JCudaDriver.cuGraphDestroy(graph);
    }
  }
}
