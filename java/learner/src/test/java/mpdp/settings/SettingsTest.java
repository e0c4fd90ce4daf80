package mpdp.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mpdp.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  @TempDir Path folder;

  @Test
  void everyKeyHasADefaultThatIsValid() {
    Settings settings = Settings.defaults();
    assertThat(settings.agent().batch()).isEqualTo(256);
    assertThat(settings.agent().targetEntropy()).isNaN();
    assertThat(settings.plan().uncertaintyThreshold()).isEqualTo(-1.5);
    assertThat(settings.model().weightDecay()).containsExactly(2.5e-5, 5e-5, 7.5e-5, 7.5e-5, 1e-4);
    assertThat(SettingKey.all().values()).allMatch(key -> !key.setting().doc().isBlank());
  }

  @Test
  void laterLayersOverrideEarlierOnes() throws IOException {
    Path file =
        Files.writeString(folder.resolve("a.toml"), "[train]\nlog-interval = 7\nseed = 3\n");
    Settings settings =
        SettingsLoader.resolve("InvertedPendulum-v5", "paper", file, List.of("train.seed=4"));
    assertThat(settings.task().id()).isEqualTo("InvertedPendulum-v5");
    assertThat(settings.train().preset()).isEqualTo("paper");
    assertThat(settings.train().updatesPerStep()).isEqualTo(20);
    assertThat(settings.train().randomSteps()).as("from the task").isEqualTo(300);
    assertThat(settings.train().logInterval()).as("from the file").isEqualTo(7);
    assertThat(settings.train().seed()).as("from --set").isEqualTo(4);
  }

  @Test
  void aFileOverridesTheTaskAndMayNameTheTaskItself() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("b.toml"),
            "[task]\nid = 'InvertedPendulum-v4'\n[train]\nrandom-steps = 11\npreset = 'paper'\n");
    Settings settings = SettingsLoader.resolve(file.toString(), null, null, List.of());
    assertThat(settings.task().id()).isEqualTo("InvertedPendulum-v4");
    assertThat(settings.train().randomSteps()).isEqualTo(11);
    assertThat(settings.train().preset()).isEqualTo("paper");
  }

  @Test
  void aTaskDescriptionIsKeptAsTheTask() throws IOException {
    Path file = Files.writeString(folder.resolve("own.toml"), "model = 'own.xml'\n");
    Settings settings = SettingsLoader.resolve(file.toString(), null, null, List.of());
    assertThat(settings.task().id()).isEqualTo(file.toString());
  }

  @Test
  void aConfigurationInThePlaceOfTheTaskMustNameOne() throws IOException {
    Path file = Files.writeString(folder.resolve("f.toml"), "[train]\nseed = 3\n");
    assertThatThrownBy(() -> SettingsLoader.resolve(file.toString(), null, null, List.of()))
        .isInstanceOf(UsageException.class)
        .hasMessage(file + " names no task: give it task.id, or model if it describes a task");
  }

  @ParameterizedTest
  @ValueSource(strings = {"paper", "fast"})
  void tomlRoundTrips(String preset) throws IOException {
    Settings settings =
        SettingsLoader.resolve("a \"b\" \\c", preset, null, List.of("agent.gradient-clip=inf"));
    Path file = Files.writeString(folder.resolve("c.toml"), SettingsLoader.toToml(settings));
    assertThat(SettingsLoader.load(file)).isEqualTo(settings);
  }

  @Test
  void thePresetOfATaskOverridesThePreset() {
    assertThat(discount("Hopper-v5", "fast")).isEqualTo(0.995);
    assertThat(discount("Hopper-v5", "paper")).isEqualTo(0.99);
    assertThat(discount("HalfCheetah-v5", "fast")).isEqualTo(0.99);
    assertThat(expands("Walker2d-v5", "fast")).isTrue();
    assertThat(expands("Walker2d-v5", "paper")).isFalse();
    assertThat(discount("Hopper-v5", "fast", "agent.discount=0.9")).isEqualTo(0.9);
  }

  private static boolean expands(String task, String preset) {
    return SettingsLoader.resolve(task, preset, null, List.of()).plan().valueExpansion();
  }

  private static double discount(String task, String preset, String... sets) {
    return SettingsLoader.resolve(task, preset, null, List.of(sets)).agent().discount();
  }

  @Test
  void everyPresetAndTaskFileOnTheClassPathIsValid() {
    for (String preset : SettingsLoader.PRESETS) {
      for (String task :
          List.of(
              "InvertedPendulum-v5",
              "Hopper-v5",
              "HalfCheetah-v5",
              "Walker2d-v5",
              "Ant-v5",
              "Humanoid-v5",
              "Swimmer-v5",
              "Pendulum-v1")) {
        Settings settings = SettingsLoader.resolve(task, preset, null, List.of());
        assertThat(settings.train().preset()).isEqualTo(preset);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "agent.alhpa=1 | unknown key agent.alhpa in --set; the nearest is agent.alpha",
        "agent.batch=0 | agent.batch = 0 is out of range; allowed: whole, [1, 1000000]",
        "agent.batch=1.5 | agent.batch = 1.5 is not allowed; allowed: whole, [1, 1000000]",
        "agent.batch=many | agent.batch = many is not allowed; allowed: whole, [1, 1000000]",
        "agent.batch=3000000000 | agent.batch = 3000000000 is not allowed; allowed: whole, [1, 1000000]",
        "agent.discount=1 | agent.discount = 1.0 is out of range; allowed: [0, 1)",
        "agent.discount=nan | agent.discount = NaN is out of range; allowed: [0, 1)",
        "plan.policies=both | plan.policies = both is not allowed; allowed: separate, shared",
        "agent.critic-norm=1 | agent.critic-norm = 1 is not allowed; allowed: true, false",
        "model.elites=8 | model.elites = 8 is out of range; allowed: at most model.members = 7",
        "model.layers=2 | model.weight-decay has 5 numbers; allowed: 1, or model.layers + 1 = 3",
        "model.weight-decay=[2] | model.weight-decay = 2.0 is out of range; allowed: numbers in [0, 1]",
        "plan.uncertainty-scale=raw | plan.uncertainty-threshold = -1.5 is out of range; on the raw scale it must be greater than 0",
        "plan.uncertainty=false | plan.uncertainty = false needs plan.penalty = 0 and plan.uncertainty-threshold = inf, not 0.5 and -1.5",
        "seed | --set seed is not of the form section.key=value",
      })
  void aWrongKeyOrValueIsOneLineThatSaysWhatIsAllowed(String set, String message) {
    assertThatThrownBy(() -> Settings.defaults().with(set))
        .isInstanceOf(UsageException.class)
        .hasMessage(message);
  }

  @Test
  void anUnknownKeyInAFileNamesTheFileAndTheNearestKey() throws IOException {
    Path file = Files.writeString(folder.resolve("d.toml"), "[modle]\nmembers = 3\n");
    assertThatThrownBy(() -> SettingsLoader.resolve("Hopper-v5", null, file, List.of()))
        .isInstanceOf(UsageException.class)
        .hasMessage("unknown key modle.members in " + file + "; the nearest is model.members");
  }

  @Test
  void aKeyIsAlsoReadUnderItsEarlierName() throws IOException {
    Path run = folder.resolve("config.toml");
    String old =
        SettingsLoader.toToml(Settings.defaults().with("plan.real-ratio=0.25"))
            .replace("real-ratio = 0.25\n", "")
            .replace("[imagination]\n", "[imagination]\nreal-ratio = 0.75\n");
    assertThat(SettingsLoader.load(Files.writeString(run, old)).plan().realRatio()).isEqualTo(0.75);
    Settings settings = Settings.defaults().with("imagination.real-ratio=0.125");
    assertThat(settings.plan().realRatio()).isEqualTo(0.125);
    assertThat(SettingsLoader.toToml(settings)).contains("real-ratio = 0.125\n\n[model]");
  }

  @Test
  void anEarlierNameOverridesTheLayersBefore() throws IOException {
    Path file = Files.writeString(folder.resolve("g.toml"), "[imagination]\nreal-ratio = 0.75\n");
    assertThat(resolve(file).plan().realRatio()).as("the preset says 0.5").isEqualTo(0.75);
    assertThat(resolve(file, "plan.real-ratio=0.25").plan().realRatio()).isEqualTo(0.25);
  }

  private static Settings resolve(Path file, String... sets) {
    return SettingsLoader.resolve("Walker2d-v5", "fast", file, List.of(sets));
  }

  @Test
  void aKeyUnderBothOfItsNamesIsRefused() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("h.toml"),
            "[plan]\nreal-ratio = 0.25\n[imagination]\nreal-ratio = 0.75\n");
    assertThatThrownBy(() -> SettingsLoader.load(file))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            file
                + " has imagination.real-ratio and plan.real-ratio, its name today: leave the first"
                + " one out");
  }

  @Test
  void brokenTomlNamesFileAndLine() throws IOException {
    Path file = Files.writeString(folder.resolve("e.toml"), "[train]\nsteps = = 3\n");
    assertThatThrownBy(() -> SettingsLoader.load(file))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith(file + " line 2 is not valid TOML: ")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void anUnknownPresetNamesTheNearest() {
    assertThatThrownBy(() -> SettingsLoader.resolve("Hopper-v5", "papre", null, List.of()))
        .isInstanceOf(UsageException.class)
        .hasMessage("unknown preset papre; the nearest is paper");
  }

  @Test
  void wholeNumbersMayBeWrittenAsFloatsAndCopiesKeepTheRest() {
    Settings settings = Settings.defaults().with("train.steps=1e6", "plan.policies=shared");
    assertThat(settings.train().steps()).isEqualTo(1_000_000);
    assertThat(settings.plan().policies()).isEqualTo(PlanPolicies.SHARED);
    assertThat(settings.with("train.steps=100000", "plan.policies=separate"))
        .isEqualTo(Settings.defaults());
  }
}
