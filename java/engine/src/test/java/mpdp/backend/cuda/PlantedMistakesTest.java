package mpdp.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import mpdp.backend.OpCheck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tests find kernels that are wrong: those of {@code cuda/emulator/planted}. */
class PlantedMistakesTest {
  @BeforeEach
  void needsTheEmulator() {
    assumeTrue(Emulator.built(), "the emulator was not built: it takes cmake, ninja and g++");
  }

  private static Child child() {
    return new Child()
        .driver(Emulator.folder().resolve("planted"))
        .property(CudaBackend.EMULATOR_PROPERTY, "true");
  }

  @Test
  void aWriteBehindABufferIsFound() throws IOException, InterruptedException {
    assertThat(child().run(OpCheck.class, "cuda", "all", "fill"))
        .contains("wrote behind a buffer")
        .endsWith("exit code 1");
  }

  @Test
  void aMissingBarrierIsFound() throws IOException, InterruptedException {
    assertThat(child().run(OpCheck.class, "cuda", "all", "copy"))
        .contains("FAILED copy")
        .contains("target[")
        .endsWith("exit code 1");
  }

  @Test
  void aDivergentBarrierIsAnErrorThatNamesTheProgram() throws IOException, InterruptedException {
    assertThat(child().run(OpCheck.class, "cuda", "small", "adam"))
        .contains("emulator: adam: divergent barrier in block")
        .contains("(after program adam; -Dmpdp.cuda.debug=true names the op)")
        .contains("failed: CUDA_ERROR_LAUNCH_FAILED (719)")
        .endsWith("exit code 1");
  }

  @Test
  void debuggingNamesTheOp() throws IOException, InterruptedException {
    assertThat(
            child()
                .property(CudaBackend.DEBUG_PROPERTY, "true")
                .run(OpCheck.class, "cuda", "small", "adam"))
        .contains("op adam of program adam failed: CUDA_ERROR_LAUNCH_FAILED (719)");
  }
}
