package mpdp.benchmark.gpu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mpdp.backend.cuda.CudaBackend;
import mpdp.benchmark.gpu.Step.Command;
import mpdp.benchmark.gpu.Step.Kind;
import mpdp.benchmark.gpu.Step.Missing;
import mpdp.benchmark.gpu.Step.Prepared;
import mpdp.benchmark.run.JmhBenchmarks;

/** Makes steps of what a bundle can run. */
final class StepCommands {
  /** What compute-sanitizer and ncu say where the machine under them refuses to be looked into. */
  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "Device not supported|ERR_NVGPUCTRPERM|LibraryNotLoaded|Failed to initialize the profiler");

  private final Bundle bundle;
  private final Workplace workplace;
  private final Pytorch pytorch;

  StepCommands(Bundle bundle, Workplace workplace, Pytorch pytorch) {
    this.bundle = bundle;
    this.workplace = workplace;
    this.pytorch = pytorch;
  }

  /** A command of the program. */
  Step app(String name, int seconds, String... arguments) {
    return new Step(name, seconds, Kind.ALONE, () -> new Command(bundle.app(arguments)));
  }

  /** A command of the machine. */
  Step system(String name, int seconds, String... words) {
    return new Step(name, seconds, Kind.ALONE, () -> new Command(List.of(words)));
  }

  /** A program of the bundle, if nvcc was there to compile it. */
  Step program(String name, int seconds) {
    return new Step(
        name,
        seconds,
        Kind.ALONE,
        () -> {
          Path program = bundle.program(name);
          return program.toFile().exists()
              ? new Command(List.of(program.toString()))
              : new Missing("no " + name + " in the bundle");
        });
  }

  /** A class of the engine's tests. */
  Step test(String name, int seconds, Kind kind, String main, String... arguments) {
    return new Step(
        name, seconds, kind, () -> new Command(bundle.tests(List.of(), main, arguments)));
  }

  /** The engine's tests of these classes, by JUnit. */
  Step junit(String name, int seconds, List<String> classes) {
    List<String> arguments =
        new ArrayList<>(List.of("execute", "--disable-banner", "--details=summary"));
    classes.forEach(type -> arguments.add("--select-class=" + type));
    return test(
        name,
        seconds,
        Kind.ALONE,
        "org.junit.platform.console.ConsoleLauncher",
        arguments.toArray(String[]::new));
  }

  /**
   * One iteration of every variant of a benchmark.
   *
   * @param title the benchmark's
   * @param sets values of its parameters, each {@code name=value,...}
   */
  Step bench(String name, int seconds, String title, String... sets) {
    return bench(name, seconds, List.of(), title, sets);
  }

  /** The same with more flags for the JVMs. */
  Step bench(String name, int seconds, List<String> options, String title, String... sets) {
    List<String> arguments = benchArguments(name, title, sets);
    return new Step(
        name,
        seconds,
        Kind.ALONE,
        () -> new Command(bundle.appWith(options, arguments.toArray(String[]::new))));
  }

  /** The same beside the comparators that run in these ways. */
  Step peers(String name, int seconds, String ways, String title, String... sets) {
    List<String> options = List.of("-D" + JmhBenchmarks.PEER_WAYS_PROPERTY + "=" + ways);
    List<String> arguments = benchArguments(name, title, sets);
    arguments.add("--peers");
    return new Step(
        name,
        seconds,
        Kind.ALONE,
        () ->
            pytorch.works()
                ? new Command(bundle.appWith(options, arguments.toArray(String[]::new)))
                : new Missing("no PyTorch here"));
  }

  private List<String> benchArguments(String name, String title, String... sets) {
    List<String> arguments = new ArrayList<>(List.of("bench", title, "--iterations", "1"));
    arguments.addAll(List.of("--json", workplace.benchmark(name).toString()));
    arguments.addAll(List.of("--set", "backend=" + bundle.backend(), "--set", "threads=1"));
    for (String set : sets) {
      arguments.addAll(List.of("--set", set));
    }
    return arguments;
  }

  /**
   * A training run; its metrics are kept.
   *
   * @param arguments of the command train, separated by spaces
   */
  Step training(String name, int seconds, String arguments) {
    return new Step(name, seconds, Kind.ALONE, () -> train(name, arguments));
  }

  /** The same of a task that takes MuJoCo. */
  Step mujoco(String name, int seconds, String arguments) {
    return new Step(
        name,
        seconds,
        Kind.ALONE,
        () -> bundle.hasMujoco() ? train(name, arguments) : new Missing("no MuJoCo in the bundle"));
  }

  private Command train(String name, String arguments) {
    String run = workplace.run(name).toString();
    return new Command(
        bundle.app(
            Stream.of(List.of("train"), Arrays.asList(arguments.split(" ")), List.of("--run", run))
                .flatMap(List::stream)
                .toArray(String[]::new)));
  }

  /** A class of the engine's tests with networks by cuBLAS. */
  Step cublas(String name, int seconds, String main, String... arguments) {
    return new Step(name, seconds, Kind.ALONE, () -> cublasCommand(main, arguments));
  }

  private Prepared cublasCommand(String main, String... arguments) {
    Path library = pytorch.cublas();
    if (library == null) {
      return new Missing("no cuBLAS here");
    }
    List<String> options =
        List.of("-D" + CudaBackend.PRODUCTS_PROPERTY + "=cublas", "-Dmpdp.cublas=" + library);
    // Beside it lies its other half, libcublasLt.
    String folders =
        Bundle.before(
            Objects.requireNonNull(library.toAbsolutePath().getParent()),
            bundle.environment().get(Bundle.LIBRARY_PATH));
    return new Command(
        bundle.tests(options, main, arguments), Map.of(Bundle.LIBRARY_PATH, folders), null);
  }

  /** The small cases of some ops, op by op, under a tool of compute-sanitizer. */
  Step sanitizer(String name, int seconds, String tool, List<String> options, String ops) {
    List<String> words =
        new ArrayList<>(
            List.of("compute-sanitizer", "--target-processes", "all", "--error-exitcode", "9"));
    words.addAll(List.of("--tool", tool));
    return opByOp(name, seconds, Kind.ANY_TIME, words, options, "small", ops);
  }

  /** Counters of the hardware while networks of the sizes of training run. */
  Step profile(String name, int seconds, String ops) {
    String metrics =
        "gpu__time_duration.sum,sm__throughput.avg.pct_of_peak_sustained_elapsed,"
            + "smsp__inst_executed_pipe_fma.sum,lts__t_bytes.sum,dram__bytes.sum,"
            + "launch__registers_per_thread";
    List<String> words =
        new ArrayList<>(List.of("ncu", "--clock-control", "none", "--csv", "--page", "raw"));
    words.addAll(List.of("--metrics", metrics, "--target-processes", "all", "-k", "regex:mlp"));
    words.addAll(List.of("--log-file", workplace.counters().toString()));
    return opByOp(name, seconds, Kind.ALONE, words, List.of(), "real", ops);
  }

  private Step opByOp(
      String name,
      int seconds,
      Kind kind,
      List<String> tool,
      List<String> options,
      String sizes,
      String ops) {
    List<String> flags = new ArrayList<>(List.of("-D" + CudaBackend.DEBUG_PROPERTY + "=true"));
    flags.add("-Dmpdp.test.guard=0");
    flags.addAll(options);
    return new Step(
        name,
        seconds,
        kind,
        () -> {
          List<String> words = new ArrayList<>(tool);
          words.addAll(bundle.tests(flags, CheckSteps.CASES, bundle.backend(), sizes, ops));
          return new Command(words, Map.of(), FORBIDDEN);
        });
  }

  /** Compiles the comparators beside the steps that follow, which are no measurements. */
  Step compile(String name, int seconds) {
    return new Step(
        name,
        seconds,
        Kind.BACKGROUND,
        () ->
            pytorch.works()
                ? new Command(
                    bundle.own(CompilePeers.class, Pytorch.python(), bundle.peers().toString()))
                : new Missing("no PyTorch here"));
  }
}
