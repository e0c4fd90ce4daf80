package mpdp.app;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import mpdp.theory.Theory;
import mpdp.theory.TheoryReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks the algorithm's theory on random tabular MDPs. */
@Command(
    name = "verify-theory",
    mixinStandardHelpOptions = true,
    versionProvider = MpdpCommand.Version.class,
    sortOptions = false,
    description =
        "Checks every statement of the theory on random tabular MDPs; exit code 1 if one fails.")
final class VerifyTheoryCommand implements Callable<Integer> {
  private final PrintWriter out;

  @Option(names = "--mdps", paramLabel = "N", defaultValue = "2000", description = "MDPs to try.")
  private int mdps;

  @Option(names = "--seed", paramLabel = "S", defaultValue = "0", description = "Which ones.")
  private long seed;

  @Option(names = "--json", description = "One JSON object on the last line.")
  private boolean json;

  VerifyTheoryCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    TheoryReport report = Theory.verify(mdps, seed, Runtime.getRuntime().availableProcessors());
    out.print(report.table());
    if (json) {
      out.println(report.json());
    }
    out.flush();
    return report.holds() ? 0 : Failures.FAILED;
  }
}
