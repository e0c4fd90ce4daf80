package mpdp.backend.cuda;

import static mpdp.backend.cuda.CudaLimits.H100;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import mpdp.MpdpException;
import mpdp.backend.op.FloatProducts;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.MlpShape.Activation;
import mpdp.backend.op.Precision;
import mpdp.backend.op.RowMode;
import mpdp.tensor.Buffer;
import mpdp.tensor.HostArena;
import org.junit.jupiter.api.Test;

/** Which tile an ensemble MLP of which size is given. */
class MlpLaunchesTest {
  private static final MlpShape MODEL = new MlpShape(7, 14, 200, 4, 24, Activation.SILU, false);
  private static final MlpShape CRITICS = new MlpShape(2, 14, 256, 2, 1, Activation.RELU, false);

  /** Tiles of 8, 16 and 32 rows; 132 blocks run at once. */
  @Test
  void fewWavesOfShortTiles() {
    assertThat(launch(CRITICS, 256, RowMode.SHARED, H100))
        .extracting(KernelLaunch::kernel, KernelLaunch::gridX, KernelLaunch::gridY)
        .containsExactly("mlp_forward_8_64", 32, 2);
    assertThat(launch(MODEL, 256, RowMode.SHARED, H100))
        .extracting(KernelLaunch::kernel, KernelLaunch::gridX, KernelLaunch::gridY)
        .containsExactly("mlp_forward_16_64", 16, 7);
    assertThat(launch(MODEL, 5000, RowMode.SHARED, H100))
        .extracting(KernelLaunch::kernel, KernelLaunch::gridX, KernelLaunch::gridY)
        .containsExactly("mlp_forward_32_64", 157, 7);
  }

  /** Each member may begin a tile that it does not fill. */
  @Test
  void routedRowsHaveABlockToSpareForEachMember() {
    assertThat(launch(MODEL, 20_000, RowMode.ROUTED, H100))
        .extracting(KernelLaunch::kernel, KernelLaunch::gridX, KernelLaunch::gridY)
        .containsExactly("mlp_forward_32_64", 20_000 / 32 + 7, 1);
  }

  @Test
  void littleSharedMemoryTakesShallowChunks() {
    CudaLimits consumer = new CudaLimits(128, 1536, 99 * 1024, FloatProducts.TF32);
    assertThat(launch(MODEL, 256, RowMode.SHARED, consumer).kernel())
        .isEqualTo("mlp_forward_16_16_tf32");
  }

  /** Whatever the back end takes for float32; backward passes have no bf16. */
  @Test
  void bf16IsTheOpsOwnWish() {
    for (FloatProducts products : List.of(FloatProducts.WHOLE, FloatProducts.TF32)) {
      CudaLimits limits = new CudaLimits(132, 2048, 227 * 1024, products);
      assertThat(launch(MODEL, 256, RowMode.ROUTED, Precision.BF16, limits).kernel())
          .isEqualTo("mlp_forward_8_64_bf16");
    }
  }

  @Test
  void layersThatABlockCannotHoldAreRefusedWithTheNumber() {
    MlpShape wide = new MlpShape(1, 1, 4000, 1, 1, Activation.RELU, false);
    assertThatThrownBy(() -> launch(wide, 1, RowMode.SHARED, H100))
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining("a block has 232448")
        .hasMessageContaining("--backend cpu");
  }

  @Test
  void routedRowsGoBackInKernelsOfTheirOwnWithTilesForTheirShareOfTheRows() {
    try (HostArena arena = new HostArena("launches")) {
      int members = MODEL.members();
      Buffer any = arena.allocate(MODEL.parameterWords());
      MlpBackward backward =
          new MlpBackward(
              MODEL,
              256,
              RowMode.ROUTED,
              0,
              members,
              false,
              false,
              any,
              any,
              any,
              any,
              any,
              null,
              any,
              null,
              any);
      OpLaunch launch = OpLaunches.of(backward, H100);
      assertThat(launch.kernels()).hasSize(1);
      KernelLaunch kernel = launch.kernels().getFirst();
      assertThat(kernel.kernel()).isEqualTo("mlp_backward_routed_8_64");
      assertThat(kernel.gridX()).isEqualTo(32);
      assertThat(kernel.gridY()).isEqualTo(members);
      assertThat(launch.scratchWords()).isZero();
    }
  }

  private static KernelLaunch launch(MlpShape shape, int rows, RowMode mode, CudaLimits limits) {
    return launch(shape, rows, mode, Precision.FP32, limits);
  }

  private static KernelLaunch launch(
      MlpShape shape, int rows, RowMode mode, Precision precision, CudaLimits limits) {
    try (HostArena arena = new HostArena("launches")) {
      int members = shape.members();
      MlpForward forward =
          new MlpForward(
              shape,
              rows,
              mode,
              0,
              members,
              precision,
              arena.allocate((long) rows * shape.inputs()),
              arena.allocate(shape.parameterWords()),
              mode == RowMode.ROUTED ? arena.allocate(members + 1L) : null,
              null,
              null,
              arena.allocate((long) members * rows * shape.outputs()));
      return OpLaunches.of(forward, limits).kernels().getFirst();
    }
  }
}
