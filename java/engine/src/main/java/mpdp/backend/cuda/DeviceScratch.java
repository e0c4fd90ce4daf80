package mpdp.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.jspecify.annotations.Nullable;

/**
 * Device scratch of a program's ops. Each has words of its own, so that ops may run at once; past a
 * limit the first words are used again, by ops that then wait for the ones that had them.
 */
final class DeviceScratch {
  /** 64 MiB. */
  static final long MOST_WORDS = 16L << 20;

  private static final long ALIGNMENT = 64;

  private DeviceScratch() {}

  /** Scratch for each of {@code launches}, null for those that need none. */
  static List<@Nullable Buffer> of(List<OpLaunch> launches, TensorArena arena, long mostWords) {
    long largest = launches.stream().mapToLong(OpLaunch::scratchWords).max().orElse(0);
    long limit = Math.max(mostWords, largest);
    long[] offsets = new long[launches.size()];
    long end = 0;
    long words = 0;
    for (int i = 0; i < offsets.length; i++) {
      long wanted = launches.get(i).scratchWords();
      offsets[i] = end + wanted <= limit ? end : 0;
      words = Math.max(words, offsets[i] + wanted);
      end = (offsets[i] + wanted + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    List<@Nullable Buffer> scratch = new ArrayList<>();
    Buffer whole = words == 0 ? null : arena.allocate(words);
    for (int i = 0; i < offsets.length; i++) {
      long wanted = launches.get(i).scratchWords();
      scratch.add(whole == null || wanted == 0 ? null : whole.slice(offsets[i], wanted));
    }
    return scratch;
  }
}
