package mpdp.backend.reference;

import mpdp.backend.op.RestartStates;

/** {@link RestartStates}. */
final class RestartStatesReference {
  private RestartStatesReference() {}

  static void run(RestartStates op) {
    PhiloxDraws draws = new PhiloxDraws(op.random(), op.site());
    for (int row = 0; row < op.rows(); row++) {
      boolean goesOn = Operands.getInt(op.child(), row) >= 0 && draws.uniform(row) >= op.restart();
      long at = (long) row * op.states();
      Operands.copy(goesOn ? op.next() : op.fresh(), at, op.state(), at, op.states());
    }
  }
}
