package mpdp.benchmark.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.app.run.RunFiles;
import org.jspecify.annotations.Nullable;

/**
 * Tests and measures a back end, within ten minutes, from a folder that benchmarks/gpu/bundle made.
 * Arguments: that folder, the back end (cuda where left out) and a folder for the results. Exits
 * with 1 if a step failed.
 */
public final class GpuCheck {
  /** Names or groups of the steps to run, separated by spaces; all where it is not set. */
  private static final String STEPS = "MPDP_STEPS";

  /** Seconds for all steps. */
  private static final String SECONDS = "MPDP_SECONDS";

  /** How many times its usual limit a step may take: for machines slower than those with a GPU. */
  private static final String PATIENCE = "MPDP_PATIENCE";

  /** More flags for every JVM, separated by spaces. */
  private static final String FLAGS = "MPDP_JAVA_OPTS";

  /** Ten minutes, less what unpacking and the last files take. */
  private static final String USUAL_SECONDS = "570";

  private GpuCheck() {}

  public static void main(String[] arguments) {
    int code;
    try {
      code = run(arguments) == 0 ? 0 : 1;
    } catch (MpdpException e) {
      System.err.println("check: " + e.getMessage());
      code = e instanceof UsageException ? 2 : 1;
    } catch (InterruptedException ending) {
      return;
    }
    System.exit(code);
  }

  private static int run(String[] arguments) throws InterruptedException {
    if (arguments.length < 1 || arguments.length > 3) {
      throw new UsageException("usage: check [cuda|cpu] [RESULT FOLDER]");
    }
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    String backend = arguments.length > 1 ? arguments[1] : "cuda";
    Path out = folder.resolve("result-" + backend);
    if (arguments.length > 2) {
      out = Path.of(arguments[2]).toAbsolutePath();
    }
    Bundle bundle = new Bundle(folder, backend, words(System.getenv(FLAGS)));
    return run(bundle, out, words(System.getenv(STEPS)));
  }

  private static int run(Bundle bundle, Path out, List<String> asked) throws InterruptedException {
    Duration limit = Duration.ofSeconds(number(SECONDS, USUAL_SECONDS));
    int patience = number(PATIENCE, "1");
    String commit = bundle.commit();
    Workplace workplace = workplace();
    try {
      createFolder(out);
      Pytorch pytorch = Pytorch.here(workplace.log("pytorch"), bundle.environment());
      List<Step> steps =
          CheckSteps.of(new StepCommands(bundle, workplace, pytorch), bundle.backend(), asked);
      CheckResults results =
          new CheckResults(out, new Collected(workplace), commit, bundle.backend());
      new CheckRun(results, workplace, bundle.environment(), limit, patience).run(steps);
      results.rates().forEach(System.out::println);
      System.err.printf("%d failed; result.json and table.txt are in %s%n", results.failed(), out);
      return results.failed();
    } finally {
      delete(workplace.folder());
    }
  }

  private static List<String> words(@Nullable String text) {
    return text == null || text.isBlank() ? List.of() : Arrays.asList(text.strip().split("\\s+"));
  }

  private static int number(String variable, String usual) {
    String text = System.getenv().getOrDefault(variable, usual);
    if (!text.matches("[1-9]\\d{0,5}")) {
      throw new UsageException(variable + "=" + text + ": name a whole number from 1 to 999999");
    }
    return Integer.parseInt(text);
  }

  private static Workplace workplace() {
    try {
      Workplace workplace = new Workplace(Files.createTempDirectory("mpdp-check"));
      Files.createDirectory(workplace.logs());
      return workplace;
    } catch (IOException e) {
      throw new MpdpException("cannot make a temporary folder: " + RunFiles.reason(e), e);
    }
  }

  private static void createFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw RunFiles.cannotWrite(folder, e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new MpdpException("cannot delete " + folder + ": " + RunFiles.reason(e), e);
    }
  }
}
