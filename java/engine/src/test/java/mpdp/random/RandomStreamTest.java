package mpdp.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomStreamTest {
  private static final int DRAWS = 200_000;

  @Test
  void uniformMoments() {
    RandomStream random = new RandomStream(11, 0);
    double[] draws = new double[DRAWS];
    Arrays.setAll(draws, i -> random.nextDouble());
    assertThat(Arrays.stream(draws)).allMatch(draw -> draw >= 0 && draw < 1);
    // Five standard errors of a mean of DRAWS values.
    assertThat(moment(draws, 1)).isCloseTo(1 / 2.0, within(5 * Math.sqrt(1 / 12.0 / DRAWS)));
    assertThat(moment(draws, 2)).isCloseTo(1 / 3.0, within(5 * Math.sqrt(4 / 45.0 / DRAWS)));
  }

  @Test
  void gaussianMoments() {
    RandomStream random = new RandomStream(12, 3);
    double[] draws = new double[DRAWS];
    Arrays.setAll(draws, i -> random.nextGaussian());
    assertThat(moment(draws, 1)).isCloseTo(0, within(5 * Math.sqrt(1.0 / DRAWS)));
    assertThat(moment(draws, 2)).isCloseTo(1, within(5 * Math.sqrt(2.0 / DRAWS)));
    assertThat(moment(draws, 3)).isCloseTo(0, within(5 * Math.sqrt(15.0 / DRAWS)));
    assertThat(moment(draws, 4)).isCloseTo(3, within(5 * Math.sqrt(96.0 / DRAWS)));
  }

  private static double moment(double[] draws, int power) {
    return Arrays.stream(draws).map(draw -> Math.pow(draw, power)).sum() / draws.length;
  }

  @Test
  void integersAreEvenlySpread() {
    RandomStream random = new RandomStream(13, 1);
    int[] counts = new int[7];
    for (int i = 0; i < DRAWS; i++) {
      counts[random.nextInt(7)]++;
    }
    double expected = DRAWS / 7.0;
    assertThat(Arrays.stream(counts).boxed())
        .allMatch(count -> Math.abs(count - expected) < 5 * Math.sqrt(expected));
    assertThat(random.nextInt(1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 17, 1000})
  void aSavedPositionContinuesTheSequence(int drawn) {
    RandomStream original = new RandomStream(-5, 2);
    for (int i = 0; i < drawn; i++) {
      original.nextWord();
    }
    RandomStream restored = new RandomStream(-5, 2);
    restored.nextWord();
    restored.position(original.position());
    for (int i = 0; i < 20; i++) {
      assertThat(restored.nextWord()).isEqualTo(original.nextWord());
    }
    assertThat(restored.position()).isEqualTo(drawn + 20L);
  }

  @Test
  void positionsPast32BitsDiffer() {
    RandomStream near = new RandomStream(1, 0);
    RandomStream far = new RandomStream(1, 0);
    far.position(1L << 34);
    assertThat(far.nextWord()).isNotEqualTo(near.nextWord());
  }

  @Test
  void seedsAndStreamsAreIndependent() {
    int first = new RandomStream(1, 0).nextWord();
    assertThat(new RandomStream(2, 0).nextWord()).isNotEqualTo(first);
    assertThat(new RandomStream(1, 1).nextWord()).isNotEqualTo(first);
    assertThat(new RandomStream(1L << 32, 0).nextWord()).isNotEqualTo(first);
  }
}
