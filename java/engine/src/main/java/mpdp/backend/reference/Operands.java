package mpdp.backend.reference;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import mpdp.tensor.Buffer;
import mpdp.tensor.HostBuffer;
import org.jspecify.annotations.Nullable;

/** Reads and writes operands, which all live in host memory. */
final class Operands {
  private Operands() {}

  static MemorySegment segment(Buffer buffer) {
    return ((HostBuffer) buffer).segment();
  }

  static float get(Buffer buffer, long index) {
    return segment(buffer).getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  static int getInt(Buffer buffer, long index) {
    return segment(buffer).getAtIndex(ValueLayout.JAVA_INT, index);
  }

  static void set(Buffer buffer, long index, double value) {
    segment(buffer).setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
  }

  static void setInt(Buffer buffer, long index, int value) {
    segment(buffer).setAtIndex(ValueLayout.JAVA_INT, index, value);
  }

  /** Overwrites a word with {@code value}, or adds it there. */
  static void put(Buffer buffer, long index, double value, boolean accumulate) {
    set(buffer, index, accumulate ? get(buffer, index) + value : value);
  }

  /** {@code count} floats from word {@code from}, widened. */
  static double[] doubles(Buffer buffer, long from, int count) {
    float[] floats = new float[count];
    MemorySegment.copy(
        segment(buffer), ValueLayout.JAVA_FLOAT, from * Float.BYTES, floats, 0, count);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  /** Writes {@code values} from word {@code at} on, or adds them there. */
  static void putAll(Buffer buffer, long at, double[] values, boolean accumulate) {
    double[] before = accumulate ? doubles(buffer, at, values.length) : new double[values.length];
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) (before[i] + values[i]);
    }
    MemorySegment.copy(
        floats, 0, segment(buffer), ValueLayout.JAVA_FLOAT, at * Float.BYTES, floats.length);
  }

  /** Copies {@code words} words from one buffer to another. */
  static void copy(Buffer source, long from, Buffer target, long to, long words) {
    MemorySegment.copy(
        segment(source),
        from * Float.BYTES,
        segment(target),
        to * Float.BYTES,
        words * Float.BYTES);
  }

  /** Rows that exist in this run: all, or as many as the count operand says. */
  static int present(int rows, @Nullable Buffer count) {
    return count == null ? rows : Math.clamp(getInt(count, 0), 0, rows);
  }

  /** The root that row {@code row} belongs to; without a root operand, row i is root i. */
  static int root(@Nullable Buffer root, int row) {
    return root == null ? row : getInt(root, row);
  }

  /** Where row {@code row} is among sorted rows; without a place operand, at itself. */
  static int place(@Nullable Buffer place, int row) {
    return place == null ? row : getInt(place, row);
  }

  /** The least q of all critics for {@code row}; q is (critics, rows). */
  static double leastQ(Buffer q, int critics, int rows, int row) {
    return get(q, (long) leastCritic(q, critics, rows, row) * rows + row);
  }

  /** The critic with the least q for {@code row}, the first one on ties. */
  static int leastCritic(Buffer q, int critics, int rows, int row) {
    int least = 0;
    for (int j = 1; j < critics; j++) {
      if (get(q, (long) j * rows + row) < get(q, (long) least * rows + row)) {
        least = j;
      }
    }
    return least;
  }
}
