package mpdp.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mpdp.app.plot.RunPlot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws one or more runs. */
@Command(
    name = "plot",
    mixinStandardHelpOptions = true,
    versionProvider = MpdpCommand.Version.class,
    description = "Draws runs as a PNG: mean and spread over runs that differ by seed only.")
final class PlotCommand implements Runnable {
  private final PrintWriter out;

  @Parameters(arity = "1..*", paramLabel = "RUN", description = "Run folders.")
  private List<Path> runs = new ArrayList<>();

  @Option(names = "--out", required = true, paramLabel = "FILE.png", description = "The picture.")
  private Path file = Path.of("");

  PlotCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void run() {
    RunPlot.write(runs, file);
    out.println(file);
  }
}
