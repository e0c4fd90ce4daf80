package mpdp.app;

import java.io.PrintWriter;
import picocli.CommandLine;

/** The program {@code mpdp}. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(new EngineLearner(), arguments));
  }

  /** Runs one command in this process; returns its exit code. */
  static int run(Learner learner, String... arguments) {
    return run(
        learner, new PrintWriter(System.out, true), new PrintWriter(System.err, true), arguments);
  }

  static int run(Learner learner, PrintWriter out, PrintWriter err, String... arguments) {
    MpdpCommand root = new MpdpCommand();
    Failures failures = new Failures(root);
    CommandLine commands =
        new CommandLine(root)
            .addSubcommand(new TrainCommand(learner, out))
            .addSubcommand(new SweepCommand(learner, out))
            .addSubcommand(new RunsCommand(out))
            .addSubcommand(new CompareCommand(out))
            .addSubcommand(new EvaluateCommand(learner, out))
            .addSubcommand(new PlotCommand(out))
            .addSubcommand(new BenchCommand(out))
            .addSubcommand(new GateCommand(out))
            .addSubcommand(new TasksCommand(out))
            .addSubcommand(new DoctorCommand(out))
            .addSubcommand(new VerifyTheoryCommand(out))
            .addSubcommand(new ConfigCommand(out))
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(failures::parameters)
            .setExecutionExceptionHandler(failures::execution);
    try {
      return commands.execute(arguments);
    } catch (OutOfMemoryError | LinkageError failure) {
      // picocli hands on exceptions only.
      return failures.report(failure, err);
    }
  }
}
