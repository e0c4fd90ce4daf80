package mpdp.backend.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.MlpShape.Activation;
import mpdp.backend.op.RowMode;
import mpdp.tensor.Buffer;
import mpdp.tensor.HostArena;
import org.junit.jupiter.api.Test;

/** How the work of a network is divided among the compute units of a CPU. */
class OpenClMlpLaunchesTest {
  private static final MlpShape MODEL = new MlpShape(7, 23, 200, 4, 36, Activation.SILU, false);
  private static final MlpShape POLICY = new MlpShape(1, 17, 256, 2, 12, Activation.RELU, false);
  private static final MatrixKernels TWO_UNITS =
      new MatrixKernels(MatrixKernels.Variant.PANEL_6, 2, 128 << 10);

  private static OpenClLaunch forward(MlpShape shape, int rows, RowMode mode) {
    try (HostArena arena = new HostArena("launches")) {
      Buffer x = arena.allocate(4096L * shape.members() * shape.inputs());
      Buffer parameters = arena.allocate(shape.parameterWords());
      Buffer y = arena.allocate(4096L * shape.members() * shape.outputs());
      Buffer offsets = mode == RowMode.ROUTED ? arena.allocate(shape.members() + 1) : null;
      MlpForward op =
          new MlpForward(
              shape, rows, mode, 0, shape.members(), x, parameters, offsets, null, null, y);
      return OpenClMlpLaunches.forward(op, TWO_UNITS).launches().getFirst();
    }
  }

  /** Tiles that the first half of the groups take, as row_tile() of mlp.clh has it. */
  private static int ofTheFirstHalf(OpenClLaunch launch, int tiles) {
    int bits = launch.stage()[2];
    int taken = 0;
    for (int group = 0; group < launch.groups() / 2; group++) {
      taken += Integer.reverse(group) >>> (Integer.SIZE - bits) < tiles ? 1 : 0;
    }
    return taken;
  }

  @Test
  void halfOfTheGroupsHaveHalfOfFewRoutedTiles() {
    OpenClLaunch launch = forward(MODEL, 256, RowMode.ROUTED);
    assertThat(launch.stage()[0]).isEqualTo(48); // 37 rows for each member
    assertThat(launch.groups()).isEqualTo(16); // 256 / 48 + 7 tiles at most
    for (int tiles = 6; tiles <= 12; tiles++) {
      assertThat(ofTheFirstHalf(launch, tiles)).isBetween(tiles / 2, (tiles + 1) / 2);
    }
  }

  @Test
  void manyRoutedTilesGoInOrder() {
    OpenClLaunch launch = forward(MODEL, 4096, RowMode.ROUTED);
    assertThat(launch.stage()).containsExactly(96, 208, 0);
    assertThat(launch.groups()).isEqualTo(4096 / 96 + 7);
  }

  @Test
  void oneNetworksRowsAndWeightsComeInEvenNumbers() {
    assertThat(forward(POLICY, 256, RowMode.SHARED).groups()).isEqualTo(4);
    try (HostArena arena = new HostArena("launches")) {
      Buffer words = arena.allocate(1 << 20);
      MlpBackward op =
          new MlpBackward(
              POLICY,
              256,
              RowMode.SHARED,
              0,
              1,
              false,
              false,
              words,
              words,
              words,
              words,
              null,
              null,
              words,
              words,
              null);
      OpenClLaunch weights = OpenClMlpLaunches.backward(op, TWO_UNITS).launches().get(1);
      assertThat(weights.kernel()).isEqualTo("mlp_backward_panel_weights");
      assertThat(weights.groups()).isEqualTo(1 + 4 + 4); // 17 and 256 rows of dW
      assertThat(weights.stage()).containsExactly(72);
    }
  }
}
