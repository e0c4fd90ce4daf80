package mpdp.env.mujoco;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.env.TaskOptions;
import mpdp.env.TaskSpec;
import mpdp.env.Tasks;
import mpdp.env.VectorEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CustomTaskTest {
  private static final TaskOptions OPTIONS = TaskOptions.defaults();

  /** A free mass of 1 kg on a rail, pushed by a motor of 1 N: x'' = u. */
  private static final String MODEL =
      """
      <mujoco>
        <option timestep="0.01" gravity="0 0 0"/>
        <worldbody><body>
          <joint name="rail" type="slide" axis="1 0 0"/>
          <geom type="sphere" size="0.1" mass="1"/>
        </body></worldbody>
        <actuator><motor joint="rail" ctrllimited="true" ctrlrange="-2 2"/></actuator>
      </mujoco>
      """;

  @TempDir private Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void pushesAMassAsNewtonSays() throws IOException {
    SingleStepper.requireMujoco();
    write("mass.xml", MODEL);
    Path toml =
        write(
            "mass.toml",
            """
            model = "mass.xml"
            frame_skip = 2
            max_episode_steps = 30
            [reward]
            forward = 3.0
            control = 0.5
            survive = 1.0
            [[healthy.bounds]]
            first = 0
            low = -1.0
            high = 0.001
            """);
    TaskSpec spec = Tasks.spec(toml.toString(), OPTIONS);
    assertThat(spec.id()).isEqualTo("mass");
    assertThat(spec.observationSize()).isEqualTo(2);
    assertThat(spec.maxEpisodeSteps()).isEqualTo(30);
    assertThat(spec.stepSeconds()).isEqualTo(0.02);
    assertThat(spec.alive(new float[] {0, 5})).isTrue();
    assertThat(spec.alive(new float[] {0.002f, 5})).isFalse();
    try (VectorEnvironment environment = Tasks.create(toml.toString(), OPTIONS, 1, 1)) {
      environment.reset(1);
      environment.actions().set(JAVA_FLOAT, 0, 0.5f);
      environment.step();
      // Semi-implicit Euler, u = 1: v = 0.01, 0.02 and x = 0.0001, 0.0003.
      float[] after = environment.nextObservations().toArray(JAVA_FLOAT);
      assertThat(after[0]).isEqualTo(0.0003f, within(1e-9f));
      assertThat(after[1]).isEqualTo(0.02f, within(1e-8f));
      float reward = environment.rewards().get(JAVA_FLOAT, 0);
      assertThat(reward).isEqualTo(3 * 0.0003f / 0.02f + 1 - 0.5f, within(1e-6f));
      environment.step();
      assertThat(environment.terminated().get(JAVA_BYTE, 0)).isOne();
      assertThat(environment.observations().get(JAVA_FLOAT, 0)).isZero();
    }
  }

  @Test
  void describesHopperAsTheBuiltInTask() throws IOException {
    Path toml =
        write(
            "Hopper-v5.toml",
            """
            model = "hopper.xml"
            frame_skip = 4
            [observation]
            skip_positions = 1
            velocity_clip = 10.0
            [reward]
            forward = 1.0
            control = 1e-3
            survive = 1.0
            [healthy]
            bounds = [
              { first = 2, last = -1, low = -100.0, high = 100.0 },
              { first = 1, low = 0.7 },
              { first = 2, low = -0.2, high = 0.2 },
            ]
            [reset]
            position_noise = 0.005
            velocity_noise = 0.005
            """);
    MujocoTask wanted = Objects.requireNonNull(MujocoSimulator.find("Hopper-v5", OPTIONS));
    MujocoTask found = CustomTask.load(toml);
    assertThat(found)
        .usingRecursiveComparison()
        .ignoringFields("model", "bundled")
        .isEqualTo(wanted);
    assertThat(found.bundled()).isFalse();
    assertThat(Path.of(found.model())).isEqualTo(folder.resolve("hopper.xml"));
  }

  @Test
  void theExampleOfTheDocumentationIsATask() throws IOException {
    SingleStepper.requireMujoco();
    String page = Files.readString(root().resolve("docs/tasks.md"));
    write("cart.xml", block(page, "xml"));
    Path toml = write("cart.toml", block(page, "toml"));
    TaskSpec spec = Tasks.spec(toml.toString(), OPTIONS);
    assertThat(spec.id()).isEqualTo("Cart");
    assertThat(spec.observationSize()).isEqualTo(3);
    assertThat(spec.stepSeconds()).isEqualTo(0.04);
    assertThat(spec.alive(new float[] {0.3f, 0, 0})).isTrue();
    assertThat(spec.alive(new float[] {0.5f, 0, 0})).isFalse();
  }

  /** The first fenced block of a language. */
  private static String block(String page, String language) {
    String rest = page.substring(page.indexOf("```" + language + "\n") + language.length() + 4);
    return rest.substring(0, rest.indexOf("```"));
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(folder.resolve("docs/tasks.md"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  @Test
  void namesTheNearestKey() throws IOException {
    Path toml = write("a.toml", "model = 'a.xml'\n[reward]\nsurvives = 1.0\n");
    assertThatThrownBy(() -> CustomTask.load(toml))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("unknown key survives; did you mean survive?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "frame_skip = 4",
        "model = 'a.xml'\nframe_skip = 'four'",
        "model = 'a.xml'\nframe_skip = 0",
        "model = 'a.xml'\n[reward]\nforward = 1.0\nposition = 'torso'",
        "model = 'a.xml'\n[[healthy.bounds]]\nlow = 1.0",
        "model = ",
      })
  void refusesAMalformedDescriptionInOneLine(String text) throws IOException {
    Path toml = write("a.toml", text);
    assertThatThrownBy(() -> CustomTask.load(toml))
        .isInstanceOf(UsageException.class)
        .message()
        .isNotBlank()
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<mujoco><worldbody><bod",
        "<mujoco><worldbody><body><joint type='hinge'/></body></worldbody></mujoco>",
        "<mujoco><worldbody><geom size='1'/></worldbody></mujoco>",
        "<mujoco><worldbody><geom sice='1'/></worldbody></mujoco>",
        "",
      })
  void refusesABadModelInOneLine(String model) throws IOException {
    SingleStepper.requireMujoco();
    write("bad.xml", model);
    Path toml = write("bad.toml", "model = 'bad.xml'");
    assertThatThrownBy(() -> Tasks.create(toml.toString(), OPTIONS, 1, 1))
        .isInstanceOf(MpdpException.class)
        .message()
        .startsWith("bad (bad.xml): ")
        .hasSizeGreaterThan(10)
        .doesNotContain("\n");
  }

  @Test
  void refusesWhatTheModelDoesNotHave() throws IOException {
    SingleStepper.requireMujoco();
    write("mass.xml", MODEL);
    String[] wrong = {
      "[observation]\nskip_positions = 2",
      "[observation]\nfirst_force = 3",
      "[reward]\nforward = 1.0\nposition_index = 4",
      "[[healthy.bounds]]\nfirst = 2\nlow = 0.0",
      "[observation]\nskip_positions = 1\n[[healthy.bounds]]\nfirst = 0\nlow = 0.0",
    };
    for (String text : wrong) {
      Path toml = write("wrong.toml", "model = 'mass.xml'\n" + text);
      assertThatThrownBy(() -> Tasks.create(toml.toString(), OPTIONS, 1, 1))
          .as(text)
          .isInstanceOf(UsageException.class)
          .message()
          .doesNotContain("\n");
    }
    Path absent = write("absent.toml", "model = 'nowhere.xml'");
    assertThatThrownBy(() -> Tasks.create(absent.toString(), OPTIONS, 1, 1))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("nowhere.xml");
  }
}
