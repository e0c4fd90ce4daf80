package mpdp.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import mpdp.MpdpException;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplayBufferTest {
  private static final int CAPACITY = 3;

  private final TensorArena arena = new ReferenceBackend().arena("test");

  @AfterEach
  void close() {
    arena.close();
  }

  private ReplayBuffer create() {
    return new ReplayBuffer(arena, CAPACITY, 2, 1);
  }

  /** Adds transitions whose every number tells which transition it belongs to. */
  private static void add(ReplayBuffer replay, int from, int to) {
    for (int k = from; k <= to; k++) {
      replay.add(
          MemorySegment.ofArray(new float[] {k, k + 0.1f}),
          MemorySegment.ofArray(new float[] {k + 0.2f}),
          k + 0.3f,
          MemorySegment.ofArray(new float[] {k + 0.4f, k + 0.5f}),
          k % 2 == 1);
    }
  }

  private static float[] row(int k) {
    return new float[] {k, k + 0.1f, k + 0.2f, k + 0.3f, k + 0.4f, k + 0.5f, k % 2};
  }

  private static float[] stored(ReplayBuffer replay, int slot) {
    return replay.ring().slice(7L * slot, 7).floats();
  }

  @Test
  void fillsInOrder() {
    ReplayBuffer replay = create();
    assertThat(replay.size()).isZero();
    add(replay, 1, 2);
    assertThat(replay.size()).isEqualTo(2);
    assertThat(replay.deviceSize().getInt(0)).isEqualTo(2);
    assertThat(stored(replay, 0)).containsExactly(row(1));
    assertThat(stored(replay, 1)).containsExactly(row(2));
    assertThat(stored(replay, 2)).containsOnly(0);
  }

  @Test
  void transitionsThatAreNotFiniteAreRefused() {
    ReplayBuffer replay = create();
    add(replay, 1, 1);
    assertThatThrownBy(() -> add(replay, Float.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("transition 1 holds NaN at word 3 of 7");
    assertThatThrownBy(() -> add(replay, Float.POSITIVE_INFINITY)).hasMessageContaining("Infinity");
    assertThat(replay.size()).isEqualTo(1);
    assertThat(stored(replay, 1)).containsOnly(0);
  }

  private static void add(ReplayBuffer replay, float reward) {
    MemorySegment state = MemorySegment.ofArray(new float[] {1, 2});
    replay.add(state, MemorySegment.ofArray(new float[] {0}), reward, state, false);
  }

  @Test
  void theOldestGoFirst() {
    ReplayBuffer replay = create();
    add(replay, 1, 8);
    assertThat(replay.size()).isEqualTo(CAPACITY);
    assertThat(replay.deviceSize().getInt(0)).isEqualTo(CAPACITY);
    assertThat(replay.added()).isEqualTo(8);
    assertThat(stored(replay, 0)).containsExactly(row(7));
    assertThat(stored(replay, 1)).containsExactly(row(8));
    assertThat(stored(replay, 2)).containsExactly(row(6));
  }

  @Test
  void aRestoredRingGoesOnAtTheSameSlot() {
    ReplayBuffer replay = create();
    add(replay, 1, 4);
    ReplayBuffer restored = create();
    Saved saved = new Saved();
    replay.visit(saved);
    saved.restoring = true;
    restored.visit(saved);
    add(replay, 5, 5);
    add(restored, 5, 5);
    assertThat(restored.added()).isEqualTo(5);
    assertThat(restored.deviceSize().getInt(0)).isEqualTo(CAPACITY);
    assertThat(restored.ring().floats()).containsExactly(replay.ring().floats());
  }

  @Test
  void aCountThatCannotBeIsRefused() {
    StateVisitor damaged =
        new StateVisitor() {
          @Override
          public void floats(String name, Buffer buffer) {}

          @Override
          public void integers(String name, Buffer buffer) {}

          @Override
          public void longs(String name, long[] values) {
            values[0] = -1;
          }
        };
    assertThatThrownBy(() -> create().visit(damaged))
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining("-1 transitions");
  }

  /** Keeps what a ring visits, then gives it back. */
  private static final class Saved implements StateVisitor {
    private float[] values = {};
    private long[] numbers = {};
    private boolean restoring;

    @Override
    public void floats(String name, Buffer buffer) {
      if (restoring) {
        buffer.write(values);
      } else {
        values = buffer.floats();
      }
    }

    @Override
    public void integers(String name, Buffer buffer) {
      throw new AssertionError("a ring holds floats");
    }

    @Override
    public void longs(String name, long[] values) {
      if (restoring) {
        System.arraycopy(numbers, 0, values, 0, values.length);
      } else {
        numbers = values.clone();
      }
    }
  }
}
