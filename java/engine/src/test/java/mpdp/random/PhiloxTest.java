package mpdp.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhiloxTest {
  /** The known answers of the Random123 distribution for philox4x32-10. */
  @ParameterizedTest
  @CsvSource({
    "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
    "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1",
  })
  void knownAnswers(String counter, String key, String answer) {
    int[] c = words(counter);
    int[] k = words(key);
    int[] out = new int[4];
    Philox.block(c[0], c[1], c[2], c[3], (long) k[1] << 32 | k[0] & 0xFFFFFFFFL, out);
    assertThat(out).containsExactly(words(answer));
  }

  private static int[] words(String hex) {
    String[] parts = hex.split(" ");
    int[] words = new int[parts.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = Integer.parseUnsignedInt(parts[i], 16);
    }
    return words;
  }

  @Test
  void uniformIsNeverZeroOrOne() {
    assertThat(Philox.uniform(0)).isEqualTo(0x1p-24f);
    assertThat(Philox.uniform(-1)).isEqualTo(1 - 0x1p-24f);
    float last = 0;
    for (int high = 0; high < 1 << 23; high++) {
      float uniform = Philox.uniform(high << 9);
      if (!(uniform > last && uniform < 1)) {
        assertThat(uniform).as("uniform of word %08x", high << 9).isStrictlyBetween(last, 1f);
      }
      last = uniform;
    }
  }
}
