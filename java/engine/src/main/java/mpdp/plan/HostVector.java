package mpdp.plan;

import java.lang.foreign.MemorySegment;
import mpdp.tensor.Buffer;

/** An array that is copied to and from a device again and again without any allocation. */
final class HostVector {
  private final String name;
  private final float[] values;
  private final MemorySegment segment;

  /**
   * @param name of it in errors
   */
  HostVector(String name, int size) {
    this.name = name;
    this.values = new float[size];
    this.segment = MemorySegment.ofArray(values);
  }

  int size() {
    return values.length;
  }

  /** Copies {@code source}, which must be finite, to the first words of {@code device}. */
  void write(float[] source, Buffer device) {
    checkLength(source);
    for (int i = 0; i < source.length; i++) {
      if (!Float.isFinite(source[i])) {
        throw new IllegalArgumentException(
            "%s[%d] is %s: give finite numbers".formatted(name, i, source[i]));
      }
    }
    System.arraycopy(source, 0, values, 0, values.length);
    device.write(0, segment);
  }

  /** Copies the first words of {@code device} to {@code target}. */
  void read(Buffer device, float[] target) {
    device.read(0, segment);
    System.arraycopy(values, 0, target, 0, values.length);
  }

  /** Throws unless {@code array} is as long as this vector. */
  void checkLength(float[] array) {
    if (array.length != values.length) {
      throw new IllegalArgumentException(
          "%s has %d numbers where %d are needed".formatted(name, array.length, values.length));
    }
  }
}
