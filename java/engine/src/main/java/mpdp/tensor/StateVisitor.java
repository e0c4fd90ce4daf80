package mpdp.tensor;

/**
 * Walks over everything that a component must save to continue with the same bits. Saving and
 * restoring are two visitors of the same walk, so neither can forget what the other knows.
 */
public interface StateVisitor {
  /** Visits all words of {@code buffer}, float32, under {@code name}. */
  void floats(String name, Buffer buffer);

  /** Visits all words of {@code buffer}, int32, under {@code name}. */
  void integers(String name, Buffer buffer);

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
    };
  }
}
