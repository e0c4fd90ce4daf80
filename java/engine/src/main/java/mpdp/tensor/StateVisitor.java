package mpdp.tensor;

/**
 * Walks over everything that a component must save to continue with the same bits. Saving and
 * restoring are two visitors of the same walk, so neither can forget what the other knows.
 */
public interface StateVisitor {
  /** Visits all words of {@code buffer} under {@code name}. */
  void buffer(String name, Buffer buffer);

  /** A visitor that prefixes every name with {@code prefix} and a dot. */
  default StateVisitor within(String prefix) {
    return (name, buffer) -> this.buffer(prefix + "." + name, buffer);
  }
}
