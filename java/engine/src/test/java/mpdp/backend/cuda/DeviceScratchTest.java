package mpdp.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import mpdp.tensor.Buffer;
import mpdp.tensor.HostArena;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where the ops of a program have their scratch. */
class DeviceScratchTest {
  @Test
  void eachHasItsOwn() {
    try (HostArena arena = new HostArena("scratch")) {
      assertThat(places(arena, 1000, 10, 0, 64, 1)).containsExactly(0L, -1L, 64L, 128L);
    }
  }

  @Test
  void pastTheLimitTheFirstWordsAreUsedAgain() {
    try (HostArena arena = new HostArena("scratch")) {
      assertThat(places(arena, 300, 100, 150, 100, 10)).containsExactly(0L, 128L, 0L, 128L);
      assertThat(arena.allocatedWords()).isLessThan(300 + 16);
    }
  }

  @Test
  void whatIsLargerThanTheLimitIsThere() {
    try (HostArena arena = new HostArena("scratch")) {
      assertThat(places(arena, 10, 5, 500, 5)).containsExactly(0L, 0L, 0L);
    }
  }

  /** Word offsets of the ops' scratch; -1: none. */
  private static List<Long> places(HostArena arena, long limit, long... words) {
    List<OpLaunch> launches =
        LongStream.of(words).mapToObj(w -> new OpLaunch(List.of(), w)).toList();
    List<@Nullable Buffer> scratch = DeviceScratch.of(launches, arena, limit);
    long first = 0;
    List<Long> places = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      Buffer own = scratch.get(i);
      if (own == null) {
        places.add(-1L);
        continue;
      }
      assertThat(own.words()).isEqualTo(words[i]);
      first = first == 0 ? own.address() : first;
      places.add((own.address() - first) / Float.BYTES);
    }
    return places;
  }
}
