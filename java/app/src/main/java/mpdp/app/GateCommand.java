package mpdp.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import mpdp.MpdpException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares the kernels of the working tree with those of another commit. */
@Command(
    name = "gate",
    mixinStandardHelpOptions = true,
    versionProvider = MpdpCommand.Version.class,
    sortOptions = false,
    description =
        "Fails when the working tree's kernels are slower than a base commit's, both measured in"
            + " turns in one process.")
final class GateCommand implements Callable<Integer> {
  private final PrintWriter out;

  @Parameters(
      arity = "0..1",
      paramLabel = "PATTERN",
      defaultValue = "",
      description = "Part of a benchmark's or an op's name; everything affected where left out.")
  private String pattern = "";

  @Option(
      names = "--base",
      paramLabel = "REV",
      description =
          "Commit to compare with; otherwise the last one when kernels differ from it, else the"
              + " one before.")
  private @Nullable String base;

  @Option(names = "--short", description = "Fewer rounds.")
  private boolean brief;

  @Option(names = "--base-image", hidden = true, description = "Set by the launcher.")
  private @Nullable Path baseImage;

  @Option(names = "--image", hidden = true, description = "Set by the launcher.")
  private @Nullable Path image;

  @Option(names = "--runner", hidden = true, description = "Set by the launcher.")
  private @Nullable Path runner;

  @Option(names = "--changed", hidden = true, split = ",", description = "Set by the launcher.")
  private String[] changed = {};

  GateCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    if (baseImage == null || image == null || runner == null) {
      throw new MpdpException(
          "the launcher builds %s: run ./mpdp gate in a checkout"
              .formatted(base == null ? "the base" : base));
    }
    Benchmarks.GateRequest request =
        new Benchmarks.GateRequest(pattern, baseImage, image, runner, List.of(changed), brief);
    if (!Benchmarks.load().gate(request, out)) {
      throw new MpdpException(
          "the gate is shut: see the last column; measure again on a quiet machine if in doubt");
    }
    return 0;
  }
}
