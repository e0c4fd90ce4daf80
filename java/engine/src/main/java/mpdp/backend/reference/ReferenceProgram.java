package mpdp.backend.reference;

import java.util.List;
import mpdp.backend.Program;
import mpdp.backend.op.Operation;

/** A list of ops run one after the other. */
record ReferenceProgram(String label, List<Operation> operations) implements Program {

  @Override
  public void run() {
    for (Operation operation : operations) {
      ReferenceOps.run(operation);
    }
  }

  @Override
  public void close() {}
}
