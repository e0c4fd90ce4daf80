package mpdp.benchmark.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import mpdp.random.RandomStream;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static Verdict verdict(double ratio, double noise, long instructions) {
    return new Verdict(
        new Timing(100, 100 * ratio, ratio, noise),
        new int[] {7, 7},
        new double[] {1000, 1000},
        OptionalLong.of(1_000_000),
        OptionalLong.of(instructions));
  }

  @Test
  void slowerBeyondTheNoiseShutsTheGate() {
    assertThat(verdict(1.04, 0, 1_000_000).faults()).isEmpty();
    assertThat(verdict(1.06, 0.005, 1_000_000).faults()).containsExactly("slower");
    assertThat(verdict(1.06, 0.02, 1_000_000).faults()).as("within the noise").isEmpty();
  }

  @Test
  void moreWorkMustBuyTime() {
    assertThat(verdict(1.0, 0.01, 1_100_000).faults()).containsExactly("more instructions");
    assertThat(verdict(0.9, 0.01, 1_100_000).faults()).isEmpty();
    Verdict launches =
        new Verdict(
            new Timing(100, 100, 1, 0),
            new int[] {7, 8},
            new double[] {1000, 1100},
            OptionalLong.empty(),
            OptionalLong.empty());
    assertThat(launches.faults()).containsExactly("more launches", "more bytes");
    assertThat(launches.instructionRatio()).isNaN();
  }

  @Test
  void theMedianIgnoresDisturbedRounds() {
    RandomStream random = new RandomStream(4, 0);
    double[] base = new double[41];
    double[] now = new double[41];
    double[] ratios = new double[41];
    for (int i = 0; i < base.length; i++) {
      base[i] = 100 + random.nextGaussian();
      now[i] = (i % 8 == 0 ? 5 : 1) * (110 + random.nextGaussian());
      ratios[i] = now[i] / base[i];
    }
    Timing timing = Timing.of(base, now, ratios);
    assertThat(timing.ratio()).isCloseTo(1.1, within(0.01));
    assertThat(timing.noise()).isBetween(1e-4, 0.02);
  }

  @Test
  void bothStepsAreTimed() {
    double[] work = new double[200_000];
    Runnable once = () -> Arrays.parallelPrefix(work, (a, b) -> a + b + 1);
    Runnable thrice =
        () -> {
          for (int i = 0; i < 3; i++) {
            once.run();
          }
        };
    assertThat(Timing.measure(once, thrice, 9).ratio()).isBetween(1.5, 6.0);
    assertThat(Timing.measure(thrice, once, 9).ratio()).isBetween(0.16, 0.7);
  }

  @Test
  void changedFilesNameTheOpsToMeasure() {
    ChangedKernels one = ChangedKernels.of("native", List.of("native/ops/adam.cpp", "cuda/x.cuh"));
    assertThat(one.none()).isFalse();
    assertThat(one.affects(List.of("copy", "adam"))).isTrue();
    assertThat(one.affects(List.of("copy"))).isFalse();
    ChangedKernels shared = ChangedKernels.of("native", List.of("native/include/mpdp/gemm.h"));
    assertThat(shared.affects(List.of("copy"))).isTrue();
    assertThat(ChangedKernels.of("native", List.of("native/mujoco/stepper.cpp")).none()).isTrue();
    assertThat(ChangedKernels.of("opencl", List.of("native/ops/adam.cpp")).none()).isTrue();
  }

  @Test
  void callgrindsCountIsRead() {
    assertThat(Instructions.collected("==5== Events    : Ir\n==5== Collected : 28413\n==5==\n"))
        .hasValue(28413);
    assertThat(Instructions.collected("==5== Collected : 0\n")).isEmpty();
    assertThat(Instructions.collected("run_calls: the library has no op x\n")).isEmpty();
  }
}
