package mpdp.replay;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import mpdp.MpdpException;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;

/**
 * A ring of transitions in device memory. A row is state, action, reward, next state, terminated (2
 * states + actions + 2 floats), the layout that the gathering ops read.
 */
public final class ReplayBuffer {
  private final int capacity;
  private final int states;
  private final int actions;
  private final Buffer ring;
  private final Buffer size;
  private final MemorySegment row;
  private final MemorySegment word = Arena.ofAuto().allocate(Integer.BYTES, 4);
  private long added;

  /**
   * @param capacity transitions kept; the oldest go first
   */
  public ReplayBuffer(TensorArena arena, int capacity, int states, int actions) {
    this.capacity = capacity;
    this.states = states;
    this.actions = actions;
    this.ring = arena.allocate((long) capacity * width());
    this.size = arena.allocate(1);
    this.row = Arena.ofAuto().allocate(4L * width(), 4);
  }

  private int width() {
    return 2 * states + actions + 2;
  }

  /**
   * Adds one transition.
   *
   * @param state float32 (states)
   * @param action float32 (actions) in (-1, 1)
   * @param next float32 (states), before any reset
   * @param terminated whether {@code next} is terminal; a time limit is not
   * @throws IllegalArgumentException if a number is not finite: one such row would spoil every
   *     normalised input of the model
   */
  public void add(
      MemorySegment state,
      MemorySegment action,
      float reward,
      MemorySegment next,
      boolean terminated) {
    long stateBytes = 4L * states;
    long actionBytes = 4L * actions;
    MemorySegment.copy(state, 0, row, 0, stateBytes);
    MemorySegment.copy(action, 0, row, stateBytes, actionBytes);
    row.set(ValueLayout.JAVA_FLOAT, stateBytes + actionBytes, reward);
    MemorySegment.copy(next, 0, row, stateBytes + actionBytes + 4, stateBytes);
    row.set(ValueLayout.JAVA_FLOAT, 2 * stateBytes + actionBytes + 4, terminated ? 1 : 0);
    requireFinite();
    ring.write(added % capacity * width(), row);
    added++;
    writeSize();
  }

  private void requireFinite() {
    for (long i = 0; i < width(); i++) {
      if (!Float.isFinite(row.getAtIndex(ValueLayout.JAVA_FLOAT, i))) {
        throw new IllegalArgumentException(
            "transition %d holds %s at word %d of %d (state, action, reward, next state, end): leave failed steps out"
                .formatted(added, row.getAtIndex(ValueLayout.JAVA_FLOAT, i), i, width()));
      }
    }
  }

  /** Transitions present. */
  public int size() {
    return (int) Math.min(added, capacity);
  }

  /** Transitions added since the run began. */
  public long added() {
    return added;
  }

  /** The ring, (capacity, 2 states + actions + 2). */
  public Buffer ring() {
    return ring;
  }

  /** int32 (1): {@link #size} on the device. */
  public Buffer deviceSize() {
    return size;
  }

  /** Visits the transitions present, and how many were added. */
  public void visit(StateVisitor visitor) {
    visitor.number("added", () -> added, this::restoreAdded);
    writeSize();
    if (size() > 0) {
      visitor.floats("transitions", ring.slice(0, (long) size() * width()));
    }
  }

  private void restoreAdded(long count) {
    if (count < 0) {
      throw new MpdpException("the checkpoint holds " + count + " transitions: it is damaged");
    }
    added = count;
  }

  private void writeSize() {
    word.set(ValueLayout.JAVA_INT, 0, size());
    size.write(0, word);
  }
}
