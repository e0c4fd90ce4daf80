package mpdp.app;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import mpdp.MpdpException;
import mpdp.UsageException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever went wrong into one line on stderr and an exit code. */
final class Failures {
  static final int FAILED = 1;
  static final int WRONG_USE = 2;

  private final MpdpCommand root;

  Failures(MpdpCommand root) {
    this.root = root;
  }

  /** For arguments that picocli refuses. */
  int parameters(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    StringBuilder line = new StringBuilder(oneLine(failure.getMessage()));
    var suggestions =
        failure instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.<String>of();
    if (!suggestions.isEmpty()) {
      line.append("; the nearest is ").append(suggestions.getFirst());
    }
    line.append("; see ").append(command.getCommandSpec().qualifiedName()).append(" --help");
    return report(line.toString(), WRONG_USE, failure, command.getErr());
  }

  /** For failures of a command that runs. */
  int execution(Exception failure, CommandLine command, ParseResult parsed) {
    return report(failure, command.getErr());
  }

  /** Prints the failure and returns its exit code. */
  int report(Throwable failure, PrintWriter err) {
    String line =
        switch (failure) {
          case MpdpException known -> oneLine(known.getMessage());
          case UncheckedIOException io -> oneLine(io.getMessage());
          case OutOfMemoryError memory ->
              "out of memory; lower train.replay-capacity or agent.batch, or give the JVM more";
          default -> "internal error: " + oneLine(failure.toString()) + "; --debug shows the trace";
        };
    return report(line, failure instanceof UsageException ? WRONG_USE : FAILED, failure, err);
  }

  private int report(String line, int code, Throwable failure, PrintWriter err) {
    err.println("mpdp: " + line);
    if (root.debug()) {
      failure.printStackTrace(err);
    }
    err.flush();
    return code;
  }

  private static String oneLine(@Nullable String message) {
    return message == null ? "no message" : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
