package mpdp.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import mpdp.MpdpException;
import mpdp.backend.OpCheck;
import mpdp.backend.op.Disagreement;
import mpdp.backend.op.Fill;
import mpdp.backend.op.FloatProducts;
import mpdp.backend.op.Operation;
import mpdp.backend.op.RolloutAdvance;
import mpdp.backend.op.UncertaintyScale;
import mpdp.tensor.Buffer;
import mpdp.tensor.HostArena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Launches are made for the device that is there. */
class RowLaunchesTest {
  private static final CudaLimits SMALL = new CudaLimits(4, 1024, 48 * 1024, FloatProducts.WHOLE);

  private final HostArena arena = new HostArena("launches");

  @AfterEach
  void close() {
    arena.close();
  }

  private static KernelLaunch launch(Operation operation, CudaLimits limits) {
    return OpLaunches.of(operation, limits).kernels().getFirst();
  }

  @Test
  void aGridFillsTheDeviceTwice() {
    Fill fill = new Fill(1 << 20, 0, arena.allocate(1 << 20));
    assertThat(launch(fill, CudaLimits.H100).gridX()).isEqualTo(1024);
    assertThat(launch(fill, SMALL).gridX()).isEqualTo(2 * 4 * 1024 / 256);
  }

  /** 84 heads in a row, 256 threads in a block. */
  @Test
  void rowsAreSpreadOverTheMultiprocessors() {
    assertThat(launch(disagreement(7, 12), CudaLimits.H100).gridX()).isEqualTo(128);
    assertThat(launch(disagreement(7, 12), SMALL).gridX()).isEqualTo(86);
  }

  @Test
  void rolloutsHaveTwoBlocksForEveryMultiprocessor() {
    assertThat(launch(advance(256), CudaLimits.H100).gridX()).isEqualTo(8);
    assertThat(launch(advance(100_000), CudaLimits.H100).gridX()).isEqualTo(264);
    assertThat(launch(advance(100_000), SMALL).gridX()).isEqualTo(8);
  }

  @Test
  void whatABlockCannotHoldIsRefusedWithTheNumber() {
    Disagreement wide = disagreement(7, 600);
    assertThat(launch(wide, CudaLimits.H100).sharedBytes()).isEqualTo(3 * 4200 * Float.BYTES);
    assertThatThrownBy(() -> launch(wide, SMALL))
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining("disagreement needs 50400 bytes of shared memory")
        .hasMessageContaining("a block has 49152");
  }

  /** Few multiprocessors make other grids, but not other results. */
  @Test
  void aSmallDeviceAgreesWithTheReference() throws IOException, InterruptedException {
    assumeTrue(Emulator.built(), "the emulator was not built: it takes cmake, ninja and g++");
    Child child =
        new Child()
            .driver(Emulator.folder())
            .set("MPDP_EMULATOR_MULTIPROCESSORS", "2")
            .set("MPDP_EMULATOR_SHARED_BYTES", Integer.toString(99 * 1024))
            .property(CudaBackend.EMULATOR_PROPERTY, "true");
    assertThat(child.run(OpCheck.class, "cuda", "small", "mlp_(for|back)ward"))
        .contains(" 0 failed")
        .endsWith("exit code 0");
    assertThat(child.run(OpCheck.class, "cuda", "all", "disagreement.*|rollout.*|adam|route_rows"))
        .contains(" 0 failed")
        .endsWith("exit code 0");
  }

  private Disagreement disagreement(int members, int dimensions) {
    return new Disagreement(
        members,
        256,
        dimensions,
        UncertaintyScale.LOG,
        0,
        arena.allocate(2L * members * 256 * dimensions),
        arena.allocate(2L * dimensions),
        null,
        arena.allocate(256),
        arena.allocate(256));
  }

  private RolloutAdvance advance(int rows) {
    Buffer one = arena.allocate(1);
    Buffer each = arena.allocate(rows);
    return new RolloutAdvance(
        rows, rows, 1, 0, false, 0, 0, each, null, each, null, null, each, one, each, each, each,
        each, each);
  }
}
