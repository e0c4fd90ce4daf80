package mpdp.benchmark.gpu;

import java.util.ArrayList;
import java.util.List;
import mpdp.UsageException;
import mpdp.backend.cuda.CudaBackend;
import mpdp.benchmark.gpu.Step.Kind;

/**
 * The steps of a check, the most valuable first: whoever cuts it off keeps what came before. Groups
 * and what they measure are listed in docs/benchmarks.md.
 */
final class CheckSteps {
  /** Compares every op with the reference. */
  static final String CASES = "mpdp.backend.OpCheck";

  /** Times every op. */
  static final String SPEED = "mpdp.backend.OpSpeed";

  /** Tests of programs and of the back end that need it alone. */
  static final List<String> TEST_CLASSES =
      List.of(
          "mpdp.backend.ProgramTest",
          "mpdp.backend.BackendsTest",
          "mpdp.backend.cuda.CudaBackendTest",
          "mpdp.backend.cuda.CudaChainsTest");

  /** Ops on rows that have another kernel as a part of a chain. */
  private static final String CHAINED = "squashed.*|disagree.*|transition.*|sequence_score";

  private static final String EVERY = ".*";

  /** What tries a bundle where there is no GPU. */
  private static final List<String> TRIAL =
      List.of("doctor", "opens", "parity", "tests", "training", "mujoco");

  private static final String TRAIN_STEP = "EnsembleTrainStep";
  private static final String SAC = "SacUpdate";
  private static final String IMPROVEMENT = "PolicyImprovement";
  private static final String PLAN = "Plan";
  private static final String IMAGINE = "Imagine";

  /** The benchmark's other method: many steps before anybody waits for their end. */
  private static final String QUEUED = ".queued";

  private static final String NARROW = "width=256";
  private static final String SHORT = "horizon=3";
  private static final String MEMBERS = "uncertainty=true";

  private final StepCommands make;
  private final String backend;

  private CheckSteps(StepCommands make, String backend) {
    this.make = make;
    this.backend = backend;
  }

  /**
   * The steps for a back end that are asked for, in their order.
   *
   * @param asked names and groups; where there are none, all on a GPU, and elsewhere those that try
   *     the bundle
   * @throws UsageException if no step has such a name
   */
  static List<Step> of(StepCommands make, String backend, List<String> asked) {
    List<Step> all = new CheckSteps(make, backend).all();
    for (String name : asked) {
      if (all.stream().noneMatch(step -> step.isAmong(List.of(name)))) {
        List<String> groups = all.stream().map(Step::group).distinct().toList();
        throw new UsageException(
            "no step is called %s; there are %s".formatted(name, String.join(" ", groups)));
      }
    }
    List<String> wanted = asked.isEmpty() && !backend.equals("cuda") ? TRIAL : asked;
    return all.stream().filter(step -> step.isAmong(wanted)).toList();
  }

  private List<Step> all() {
    List<Step> steps = new ArrayList<>();
    steps.add(make.app("doctor", 30, "doctor"));
    steps.add(
        make.system(
            "gpu",
            20,
            "nvidia-smi",
            "--query-gpu=name,driver_version,clocks.sm,power.draw",
            "--format=csv,noheader"));
    steps.add(make.test("opens", 30, Kind.ESSENTIAL, CASES, backend, "small", "fill"));
    steps.add(make.test("parity", 150, Kind.ALONE, CASES, backend, "all"));
    steps.add(make.junit("tests", 90, TEST_CLASSES));
    steps.add(make.program("roofline", 30));
    steps.add(make.program("probe", 30));
    steps.add(make.test("speed", 60, Kind.ALONE, SPEED, backend));
    steps.addAll(ours());
    steps.addAll(chains());
    steps.addAll(larger());
    steps.addAll(severalAtOnce());
    steps.addAll(trainings());
    steps.add(make.cublas("cublas/parity", 40, CASES, backend, "all", "mlp.*"));
    steps.add(make.cublas("cublas/speed", 20, SPEED, backend, "0", "mlp"));
    steps.addAll(tools());
    steps.addAll(peers("peers", "compiled,graph"));
    steps.addAll(peers("peers-rest", "eager,compiled-tf32,graph-tf32"));
    return steps;
  }

  /** Every program once. */
  private List<Step> ours() {
    return List.of(
        make.bench("ours/EnsembleTrainStep", 40, TRAIN_STEP),
        make.bench("ours/SacUpdate", 60, SAC),
        make.bench("ours/PolicyImprovement", 100, IMPROVEMENT, "horizon=1,3"),
        make.bench("ours/Plan", 90, PLAN),
        make.bench("ours/Imagine", 90, IMAGINE, "horizon=5"));
  }

  /** With a kernel for each op, and right after that with chains again. */
  private List<Step> chains() {
    List<String> apart = List.of("-D" + CudaBackend.CHAIN_PROPERTY + "=0");
    return List.of(
        make.bench("chains-off/SacUpdate", 40, apart, SAC, NARROW),
        make.bench("chains-on/SacUpdate", 40, SAC, NARROW),
        make.bench("chains-off/PolicyImprovement", 40, apart, IMPROVEMENT, SHORT, MEMBERS),
        make.bench("chains-on/PolicyImprovement", 40, IMPROVEMENT, SHORT, MEMBERS),
        make.bench("chains-off/Plan", 40, apart, PLAN, "search=mppi"),
        make.bench("chains-on/Plan", 40, PLAN, "search=mppi"));
  }

  /** Longer plans, more of them, and the model's predictions in bf16. */
  private List<Step> larger() {
    String bf16 = "precision=bf16";
    return List.of(
        make.bench("ours-12", 90, IMPROVEMENT, "horizon=12"),
        make.bench("cem-large", 60, PLAN, "search=cem-large"),
        make.bench("ours-bf16/PolicyImprovement", 60, IMPROVEMENT, bf16, SHORT),
        make.bench("ours-bf16/Plan", 60, PLAN, bf16, "search=mppi,cem,cem-large"),
        make.bench("ours-bf16/Imagine", 60, IMAGINE, bf16, "horizon=5", "particles=10000,100000"));
  }

  /** Four seeds in each launch; and steps that are queued before anybody waits. */
  private List<Step> severalAtOnce() {
    String four = "seeds=4";
    return List.of(
        make.bench("seeds-4/SacUpdate", 40, SAC, four, NARROW),
        make.bench("seeds-4/EnsembleTrainStep", 40, TRAIN_STEP, four),
        make.bench("seeds-4/PolicyImprovement", 60, IMPROVEMENT, four, SHORT, MEMBERS),
        make.bench("queued/SacUpdate", 40, SAC + QUEUED, NARROW),
        make.bench("queued/EnsembleTrainStep", 40, TRAIN_STEP + QUEUED),
        make.bench("queued/PolicyImprovement", 60, IMPROVEMENT + QUEUED, SHORT, MEMBERS));
  }

  /** Pendulum; then MuJoCo on the card, on the processors beside it, and four seeds on the card. */
  private List<Step> trainings() {
    return List.of(
        make.training(
            "training",
            90,
            "Pendulum-v1 --steps 400 --set train.random-steps=200 --set train.updates-per-step=1"
                + " --set train.evaluation-interval=0 --set model.max-epochs=2 --backend "
                + backend),
        make.mujoco("mujoco", 60, "Hopper-v5 --steps 300 --backend " + backend),
        make.mujoco("hopper/card", 90, "Hopper-v5 --steps 4000 --backend " + backend),
        make.mujoco("hopper/cpu", 90, "Hopper-v5 --steps 4000 --backend cpu --threads 8"),
        make.mujoco(
            "hopper/seeds-4",
            90,
            "Hopper-v5 --steps 1500 --seeds 4 --together --backend " + backend));
  }

  /** What looks into the kernels; the comparators are compiled beside it. */
  private List<Step> tools() {
    List<String> linked = List.of("-D" + CudaBackend.CHAIN_PROPERTY + "=1");
    return List.of(
        make.compile("compile", 150),
        make.sanitizer("chain-races", 30, "racecheck", linked, CHAINED),
        make.sanitizer("racecheck", 90, "racecheck", List.of(), EVERY),
        make.sanitizer("memcheck", 60, "memcheck", List.of(), EVERY),
        make.profile("profile", 60, "mlp.*"));
  }

  private List<Step> peers(String group, String ways) {
    return List.of(
        make.peers(group + "/EnsembleTrainStep", 80, ways, TRAIN_STEP),
        make.peers(group + "/SacUpdate", 120, ways, SAC),
        make.peers(group + "/PolicyImprovement", 200, ways, IMPROVEMENT, "horizon=1,3,5", MEMBERS),
        make.peers(group + "/Plan", 120, ways, PLAN),
        make.peers(group + "/Imagine", 150, ways, IMAGINE, "horizon=5"));
  }
}
