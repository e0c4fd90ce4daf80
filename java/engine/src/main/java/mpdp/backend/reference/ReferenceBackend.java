package mpdp.backend.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mpdp.backend.Backend;
import mpdp.backend.BusyTime;
import mpdp.backend.Program;
import mpdp.backend.Recorder;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.Operation;
import mpdp.tensor.HostArena;
import mpdp.tensor.HostBuffer;
import mpdp.tensor.TensorArena;

/** The oracle: plain Java, double accumulation, clear and never fast. */
public final class ReferenceBackend implements Backend {
  /** Its name in {@code --backend}. */
  public static final String NAME = "reference";

  private final BusyTime busy = new BusyTime();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String device() {
    return "plain Java " + Runtime.version().feature();
  }

  @Override
  public TensorArena arena(String label) {
    return new HostArena(label);
  }

  @Override
  public Program record(String label, Consumer<Recorder> body) {
    List<Operation> operations = new ArrayList<>();
    body.accept(
        operation -> {
          checkOperands(label, operation);
          operations.add(operation);
        });
    return new ReferenceProgram(label, List.copyOf(operations), busy);
  }

  @Override
  public List<Backend> divide(int parts) {
    return Stream.<Backend>generate(ReferenceBackend::new).limit(parts).toList();
  }

  private static void checkOperands(String label, Operation operation) {
    for (OpEncoding.Operand operand : OpEncoding.of(operation).operands()) {
      if (operand.buffer() != null && !(operand.buffer() instanceof HostBuffer)) {
        throw new IllegalArgumentException(
            "%s: %s of %s belongs to another back end: allocate it from this one's arena"
                .formatted(label, operand.name(), operation.op().id()));
      }
    }
  }

  @Override
  public long busyNanos() {
    return busy.nanos();
  }

  @Override
  public void close() {}
}
