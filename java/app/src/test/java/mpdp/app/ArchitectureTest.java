package mpdp.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.ArrayList;
import java.util.List;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Normalize;
import mpdp.backend.op.NormalizeBackward;
import mpdp.backend.op.RouteRows;
import mpdp.backend.op.TransitionSample;
import mpdp.backend.op.TransitionSampleBackward;

/**
 * Imports point one way: engine, learner, app; and within them along the flow of data. A room that
 * is not built yet has nothing to check.
 */
@AnalyzeClasses(packages = "mpdp", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] ENGINE = {
    "mpdp",
    "mpdp.tensor..",
    "mpdp.random..",
    "mpdp.backend..",
    "mpdp.nn..",
    "mpdp.model..",
    "mpdp.rollout..",
    "mpdp.plan..",
    "mpdp.checkpoint.."
  };
  private static final String[] APP = {"mpdp.app.."};
  private static final String[] BACK_ENDS = {"reference", "cpu", "opencl", "cuda"};

  /** Without classes of all three modules every rule below would pass unseen. */
  @ArchTest
  static void allModulesAreLookedAt(JavaClasses classes) {
    assertThat(classes.contain("mpdp.random.Philox")).as("engine").isTrue();
    assertThat(classes.contain("mpdp.theory.Theory")).as("learner").isTrue();
    assertThat(classes.stream().anyMatch(resideInAnyPackage(APP))).as("app").isTrue();
  }

  @ArchTest
  static final ArchRule THE_ENGINE_STANDS_ALONE =
      classes()
          .that()
          .resideInAnyPackage(ENGINE)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(ENGINE)
                  .or(resideInAnyPackage("java..", "org.jspecify..", "jcuda..", "org.jocl..")));

  @ArchTest
  static final ArchRule ONLY_THEIR_BACK_ENDS_KNOW_THE_BINDINGS =
      CompositeArchRule.of(
              noClasses()
                  .that()
                  .resideOutsideOfPackage("mpdp.backend.cuda..")
                  .should()
                  .dependOnClassesThat()
                  .resideInAPackage("jcuda.."))
          .and(
              noClasses()
                  .that()
                  .resideOutsideOfPackage("mpdp.backend.opencl..")
                  .should()
                  .dependOnClassesThat()
                  .resideInAPackage("org.jocl.."));

  @ArchTest
  static final ArchRule NOTHING_DEPENDS_ON_THE_APP =
      noClasses()
          .that()
          .resideOutsideOfPackages(APP)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(APP);

  @ArchTest
  static final ArchRule DATA_FLOWS_ONE_WAY =
      CompositeArchRule.of(order("tensor", "backend", "nn", "model", "rollout", "plan"))
          .and(order("random", "backend", "nn", "model", "rollout", "plan"))
          .and(order("env", "replay", "agent", "train"));

  /** SAC is the control that needs no model: it must stay one by construction. */
  @ArchTest
  static final ArchRule SAC_SEES_NO_MODEL =
      noClasses()
          .that()
          .haveSimpleName("SacAgent")
          .or()
          .haveSimpleName("ActorCritic")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("mpdp.model..", "mpdp.rollout..");

  /** Networks are built in one room; back ends build some to probe a device with. */
  @ArchTest
  static final ArchRule ONLY_NN_BUILDS_NETWORK_SHAPES =
      noClasses()
          .that()
          .resideInAnyPackage("mpdp.model..", "mpdp.rollout..", "mpdp.plan..", "mpdp.checkpoint..")
          .or()
          .resideInAnyPackage("mpdp.env..", "mpdp.replay..", "mpdp.agent..", "mpdp.train..")
          .or()
          .resideInAnyPackage(APP)
          .should()
          .callConstructor(
              MlpShape.class,
              int.class,
              int.class,
              int.class,
              int.class,
              int.class,
              MlpShape.Activation.class,
              boolean.class);

  /** Whoever needs a step of the model asks for it there: one way to predict, one place to mend. */
  @ArchTest
  static final ArchRule ONE_CLASS_STEPS_THE_MODEL =
      CompositeArchRule.of(
              List.of(
                  onlyBy("mpdp.rollout.ModelStep", TransitionSample.class),
                  onlyBy("mpdp.rollout.ModelStep", TransitionSampleBackward.class),
                  onlyBy("mpdp.rollout.Routing", RouteRows.class),
                  onlyBy("mpdp.nn.MlpPass", MlpForward.class),
                  onlyBy("mpdp.nn.MlpPass", MlpBackward.class),
                  onlyBy("mpdp.rollout.ModelStep|mpdp.nn.*Pass", Normalize.class),
                  onlyBy("mpdp.rollout.ModelStep|mpdp.nn.*Pass", NormalizeBackward.class)))
          .because("a second model step would go its own way");

  @ArchTest
  static final ArchRule ONLY_THE_APP_KNOWS_THE_TRAINER =
      noClasses()
          .that()
          .resideOutsideOfPackages("mpdp.train..", "mpdp.app..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("mpdp.train..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule NO_CYCLES_BETWEEN_ROOMS =
      slices().matching("mpdp.(*)..").should().beFreeOfCycles();

  @ArchTest static final ArchRule BACK_ENDS_DO_NOT_LEAN_ON_EACH_OTHER = separateBackEnds();

  /** Each room imports none of those after it. */
  private static ArchRule order(String... rooms) {
    List<ArchRule> rules = new ArrayList<>();
    for (int i = 0; i + 1 < rooms.length; i++) {
      String[] later = new String[rooms.length - i - 1];
      for (int j = 0; j < later.length; j++) {
        later[j] = "mpdp." + rooms[i + 1 + j] + "..";
      }
      rules.add(never("mpdp." + rooms[i] + "..", later));
    }
    return CompositeArchRule.of(rules);
  }

  /** Back ends aside, which carry ops out, nobody but {@code who} has to do with the op. */
  private static ArchRule onlyBy(String who, Class<?> op) {
    return noClasses()
        .that()
        .resideOutsideOfPackage("mpdp.backend..")
        .and()
        .haveNameNotMatching(who)
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(op);
  }

  private static ArchRule separateBackEnds() {
    List<ArchRule> rules = new ArrayList<>();
    for (String one : BACK_ENDS) {
      for (String other : BACK_ENDS) {
        if (!one.equals(other)) {
          rules.add(never("mpdp.backend." + one + "..", "mpdp.backend." + other + ".."));
        }
      }
    }
    return CompositeArchRule.of(rules);
  }

  private static ArchRule never(String from, String... to) {
    return noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(to)
        .allowEmptyShould(true);
  }
}
