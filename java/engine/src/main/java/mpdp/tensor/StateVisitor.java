package mpdp.tensor;

import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Walks over everything that a component must save to continue with the same bits. Saving and
 * restoring are two visitors of the same walk, so neither can forget what the other knows.
 */
public interface StateVisitor {
  /** Visits all words of {@code buffer}, float32, under {@code name}. */
  void floats(String name, Buffer buffer);

  /** Visits all words of {@code buffer}, int32, under {@code name}. */
  void integers(String name, Buffer buffer);

  /** Visits {@code values} on the host, int64, in place. */
  void longs(String name, long[] values);

  /** Visits {@code values} on the host in place, to the last bit. */
  default void doubles(String name, double[] values) {
    long[] bits = Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
    longs(name, bits);
    Arrays.setAll(values, i -> Double.longBitsToDouble(bits[i]));
  }

  /** Visits one whole number that {@code get} reads and {@code set} replaces. */
  default void number(String name, LongSupplier get, LongConsumer set) {
    long[] value = {get.getAsLong()};
    longs(name, value);
    set.accept(value[0]);
  }

  /** A visitor that prefixes every name with {@code prefix} and a dot. */
  default StateVisitor within(String prefix) {
    StateVisitor outer = this;
    return new StateVisitor() {
      @Override
      public void floats(String name, Buffer buffer) {
        outer.floats(prefix + "." + name, buffer);
      }

      @Override
      public void integers(String name, Buffer buffer) {
        outer.integers(prefix + "." + name, buffer);
      }

      @Override
      public void longs(String name, long[] values) {
        outer.longs(prefix + "." + name, values);
      }
    };
  }
}
