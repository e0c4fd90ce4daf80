package mpdp.benchmark;

import java.util.List;
import java.util.function.Consumer;
import mpdp.backend.ForwardingBackend;
import mpdp.backend.Program;
import mpdp.backend.Recorder;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.Operation;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.tensor.Buffer;

/** The reference back end, except that every program leaves one word of its last answer wrong. */
final class CorruptBackend extends ForwardingBackend {
  private final String op;
  private final String operand;

  /** Spoils {@code operand} of the last {@code op} of each program that has one. */
  CorruptBackend(String op, String operand) {
    super(new ReferenceBackend());
    this.op = op;
    this.operand = operand;
  }

  @Override
  public String name() {
    return "corrupt";
  }

  @Override
  public String device() {
    return "corrupt";
  }

  @Override
  public Program record(String label, Consumer<Recorder> body) {
    return new Corrupt(super.record(label, body));
  }

  private final class Corrupt implements Program {
    private final Program program;

    Corrupt(Program program) {
      this.program = program;
    }

    @Override
    public String label() {
      return program.label();
    }

    @Override
    public List<Operation> operations() {
      return program.operations();
    }

    @Override
    public void run() {
      program.run();
      operations().reversed().stream()
          .filter(operation -> operation.op().id().equals(op))
          .findFirst()
          .ifPresent(operation -> spoil(answer(operation)));
    }

    private Buffer answer(Operation operation) {
      return OpEncoding.of(operation).operands().stream()
          .filter(candidate -> candidate.name().equals(operand))
          .map(OpEncoding.Operand::buffer)
          .findFirst()
          .orElseThrow();
    }

    private static void spoil(Buffer answer) {
      long at = answer.words() / 3;
      answer.slice(at, 1).write(2 * answer.get(at) + 1);
    }

    @Override
    public void close() {
      program.close();
    }
  }
}
