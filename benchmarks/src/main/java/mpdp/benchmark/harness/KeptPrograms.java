package mpdp.benchmark.harness;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import mpdp.backend.Backend;
import mpdp.backend.ForwardingBackend;
import mpdp.backend.Program;
import mpdp.backend.Recorder;
import mpdp.backend.op.MlpShape;

/**
 * A back end that remembers what is recorded on it, so that a benchmark runs the very program that
 * an agent recorded for itself. Does not close the back end behind it.
 */
public final class KeptPrograms extends ForwardingBackend {
  private final Backend like;
  private final Map<String, Program> programs = new LinkedHashMap<>();

  public KeptPrograms(Backend backend) {
    this(backend, backend);
  }

  /** Programs of {@code backend}, divided into ops as {@code like} would have them. */
  public KeptPrograms(Backend backend, Backend like) {
    super(backend);
    this.like = like;
  }

  /** The program recorded last under {@code label}. */
  public Program program(String label) {
    Program program = programs.get(label);
    if (program == null) {
      throw new IllegalArgumentException(
          "no program " + label + " was recorded, only " + programs.keySet());
    }
    return program;
  }

  @Override
  public Program record(String label, Consumer<Recorder> body) {
    Program program = super.record(label, body);
    programs.put(label, program);
    return program;
  }

  @Override
  public int membersAtOnce(MlpShape shape, int rows) {
    return like.membersAtOnce(shape, rows);
  }
}
