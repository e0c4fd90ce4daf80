package mpdp.backend.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mpdp.backend.Backend;
import mpdp.backend.BusyTime;
import mpdp.backend.Program;
import mpdp.backend.Recorder;
import mpdp.backend.op.FloatProducts;
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
  private final FloatProducts products;

  public ReferenceBackend() {
    this(FloatProducts.WHOLE);
  }

  /** The oracle of back ends that multiply networks' floats so. */
  public ReferenceBackend(FloatProducts products) {
    this.products = products;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String device() {
    return "plain Java " + Runtime.version().feature();
  }

  @Override
  public FloatProducts floatProducts() {
    return products;
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
    return new ReferenceProgram(label, List.copyOf(operations), products, busy);
  }

  @Override
  public List<Backend> divide(int parts) {
    return Stream.<Backend>generate(() -> new ReferenceBackend(products)).limit(parts).toList();
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
