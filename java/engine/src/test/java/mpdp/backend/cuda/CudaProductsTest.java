package mpdp.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import mpdp.backend.OpAccuracy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each way to multiply networks leaves of a network's answer. */
class CudaProductsTest {
  /** Of the cases that leave the precision to the back end. */
  private static final Pattern ANSWER =
      Pattern.compile("(?m)^ *(\\S+) +\\S+ +y of mlp_forward(?!.* bf16$).*$");

  @BeforeEach
  void needsTheEmulator() {
    assumeThat(Emulator.built()).as("the emulator was built").isTrue();
  }

  @Test
  void threeProductsAreAsGoodAsFp32() throws IOException, InterruptedException {
    assertThat(errors("fp32", "own")).hasSizeGreaterThan(3).allMatch(rms -> rms < 1e-6);
  }

  /** Large enough to see that the kernels of one product ran. */
  @Test
  void oneProductKeepsThreeDigits() throws IOException, InterruptedException {
    for (String products : List.of("own", "cublas")) {
      assertThat(errors("tf32", products))
          .hasSizeGreaterThan(3)
          .allMatch(rms -> rms > 1e-5 && rms < 1e-3);
    }
  }

  @Test
  void anotherNameIsRefused() throws IOException, InterruptedException {
    assertThat(output("half", "own")).contains("-Dmpdp.cuda.precision=half: choose fp32 or tf32");
  }

  private static List<Double> errors(String precision, String products)
      throws IOException, InterruptedException {
    return ANSWER
        .matcher(output(precision, products))
        .results()
        .map((MatchResult result) -> Double.parseDouble(result.group(1)))
        .toList();
  }

  private static String output(String precision, String products)
      throws IOException, InterruptedException {
    return new Child()
        .driver(Emulator.folder())
        .property(CudaBackend.EMULATOR_PROPERTY, "true")
        .property(CudaBackend.PRECISION_PROPERTY, precision)
        .property(CudaBackend.PRODUCTS_PROPERTY, products)
        .property(CublasLibrary.FILE_PROPERTY, Emulator.cublas())
        .run(OpAccuracy.class, "cuda", "mlp_forward");
  }
}
