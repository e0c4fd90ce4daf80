package mpdp.backend.reference;

import java.util.List;
import mpdp.backend.BusyTime;
import mpdp.backend.Program;
import mpdp.backend.op.FloatProducts;
import mpdp.backend.op.Operation;

/** A list of ops run one after the other. */
record ReferenceProgram(
    String label, List<Operation> operations, FloatProducts products, BusyTime busy)
    implements Program {

  @Override
  public void run() {
    long start = System.nanoTime();
    for (Operation operation : operations) {
      ReferenceOps.run(operation, products);
    }
    busy.since(start);
  }

  @Override
  public void close() {}
}
