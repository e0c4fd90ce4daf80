package mpdp.benchmark.gate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import mpdp.backend.Backends;
import mpdp.backend.Program;
import mpdp.backend.op.Operation;
import mpdp.benchmark.harness.Cost;
import mpdp.benchmark.harness.ProgramBenchmark;

/**
 * One benchmark on one version of the engine. {@link Side} loads this class once for each version,
 * so it speaks to the gate in the JDK's types alone: {@link #run} is a step, {@link #close} ends
 * it, {@link #apply} answers questions.
 */
public final class Worker implements Runnable, AutoCloseable, Function<String, Object> {
  private final ProgramBenchmark benchmark;

  /**
   * Opens the benchmark, which checks its answer against the reference back end.
   *
   * @param type class of a {@link ProgramBenchmark}
   * @param parameters values of its public fields, by name
   */
  public Worker(String type, Map<String, String> parameters) {
    try {
      benchmark = (ProgramBenchmark) Class.forName(type).getConstructor().newInstance();
      for (Map.Entry<String, String> parameter : parameters.entrySet()) {
        set(parameter.getKey(), parameter.getValue());
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + type + ": " + e, e);
    }
    benchmark.prepare(Backends.open(benchmark.backend, benchmark.threads));
  }

  private void set(String name, String value) throws ReflectiveOperationException {
    var field = benchmark.getClass().getField(name);
    Class<?> type = field.getType();
    if (type == int.class) {
      field.setInt(benchmark, Integer.parseInt(value));
    } else if (type == boolean.class) {
      field.setBoolean(benchmark, Boolean.parseBoolean(value));
    } else {
      field.set(benchmark, value);
    }
  }

  @Override
  public void run() {
    benchmark.run();
  }

  /**
   * Answers "ops" (the names of the ops of a step), "launches", "bytes", or "dump FILE": writes the
   * ops of a step for the instruction counter.
   */
  @Override
  public Object apply(String question) {
    Program program = benchmark.program();
    if (question.startsWith("dump ")) {
      try {
        CallDump.write(program.operations(), Path.of(question.substring("dump ".length())));
        return true;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return switch (question) {
      case "ops" -> ops(program.operations());
      case "launches" -> Cost.of(program).launches();
      case "bytes" -> Cost.of(program).bytes();
      default -> throw new IllegalArgumentException(question);
    };
  }

  private static List<String> ops(List<Operation> operations) {
    return operations.stream().map(operation -> operation.op().id()).distinct().toList();
  }

  @Override
  public void close() {
    benchmark.close();
  }
}
