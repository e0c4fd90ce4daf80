package mpdp.backend;

import java.util.Collection;
import java.util.function.BooleanSupplier;

/** Refuses to run a program that is closed, or whose operands' memory is. Allocates nothing. */
public final class ProgramGuard {
  private final String label;
  private final BooleanSupplier[] alive;

  /**
   * @param label of the program, for the message
   * @param memory tells of each arena or scope of its operands whether it is still open
   */
  public ProgramGuard(String label, Collection<? extends BooleanSupplier> memory) {
    this.label = label;
    this.alive = memory.toArray(BooleanSupplier[]::new);
  }

  /**
   * Called before every run.
   *
   * @throws IllegalStateException if the program is {@code closed}, or some memory of it
   */
  public void check(boolean closed) {
    if (closed) {
      throw new IllegalStateException("program " + label + " is closed");
    }
    for (BooleanSupplier memory : alive) {
      if (!memory.getAsBoolean()) {
        throw new IllegalStateException("program " + label + " uses memory of a closed arena");
      }
    }
  }
}
