package mpdp.env.mujoco;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import mpdp.Nearest;
import mpdp.UsageException;
import mpdp.env.mujoco.MujocoTask.Bound;
import mpdp.env.mujoco.MujocoTask.Health;
import mpdp.env.mujoco.MujocoTask.Noise;
import mpdp.env.mujoco.MujocoTask.Position;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * A user's own task: an MJCF file and a TOML description beside it. Everything but {@code model}
 * may be left out:
 *
 * <pre>
 * id = "Crawler"                # default: the name of the file
 * model = "crawler.xml"         # relative to this file
 * frame_skip = 4                # physics steps in one step; default 1
 * max_episode_steps = 1000
 * [observation]                 # qpos then qvel, and what else is asked for
 * skip_positions = 1            # leading entries of qpos left out; default 0
 * velocity_clip = 10.0          # default: not clipped
 * first_body = 1                # cinert and cvel from this body on; default: none
 * first_actuator = 6            # qfrc_actuator from this degree of freedom on; default: none
 * first_force = 1               # cfrc_ext from this body on; default: none
 * [reward]                      # every weight is 0 by default
 * forward = 1.0                 # x velocity along x of:
 * position = "qpos"             # qpos, body or centre_of_mass
 * position_index = 0            # which entry of qpos, or which body
 * control = 0.001               # x sum of squared controls, a cost
 * contact = 0.0                 # x sum of squared external forces, a cost
 * contact_maximum = 10.0
 * force_clip = 1.0
 * survive = 1.0                 # every step
 * survive_healthy = true        # not on termination
 * [healthy]                     # else the episode terminates
 * closed = false                # whether the bounds themselves are healthy
 * finite = true
 * [[healthy.bounds]]            # entries of the state (qpos then qvel)
 * first = 1
 * last = 1                      # default: first; -1: the last entry
 * low = 0.7
 * high = 2.0
 * [reset]
 * position_noise = 0.005        # uniform within plus or minus this
 * velocity_noise = 0.1
 * position_normal = false       # normal with this deviation instead
 * velocity_normal = true
 * </pre>
 */
public final class CustomTask {
  private static final TomlMapper MAPPER =
      TomlMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private CustomTask() {}

  private record File(
      @Nullable String id,
      @Nullable String model,
      @Nullable Integer frameSkip,
      @Nullable Integer maxEpisodeSteps,
      @Nullable Observation observation,
      @Nullable Reward reward,
      @Nullable Healthy healthy,
      @Nullable Reset reset) {}

  private record Observation(
      @Nullable Integer skipPositions,
      @Nullable Double velocityClip,
      @Nullable Integer firstBody,
      @Nullable Integer firstActuator,
      @Nullable Integer firstForce) {

    MujocoTask.Observation resolved() {
      return new MujocoTask.Observation(
          or(skipPositions, 0),
          or(velocityClip, Double.POSITIVE_INFINITY),
          or(firstBody, MujocoTask.NONE),
          or(firstActuator, MujocoTask.NONE),
          or(firstForce, MujocoTask.NONE));
    }
  }

  private record Reward(
      @Nullable Double forward,
      @Nullable String position,
      @Nullable Integer positionIndex,
      @Nullable Double control,
      @Nullable Double contact,
      @Nullable Double contactMaximum,
      @Nullable Double forceClip,
      @Nullable Double survive,
      @Nullable Boolean surviveHealthy) {

    MujocoTask.Reward resolved(String id) {
      return new MujocoTask.Reward(
          or(forward, 0.0),
          or(forward, 0.0) == 0 ? Position.NONE : followed(id),
          or(positionIndex, 0),
          or(control, 0.0),
          or(contact, 0.0),
          or(contactMaximum, Double.POSITIVE_INFINITY),
          or(forceClip, Double.POSITIVE_INFINITY),
          or(survive, 0.0),
          or(surviveHealthy, true));
    }

    private Position followed(String id) {
      String name = Objects.requireNonNullElse(position, "qpos");
      return switch (name) {
        case "qpos" -> Position.QPOS;
        case "body" -> Position.BODY;
        case "centre_of_mass" -> Position.CENTRE_OF_MASS;
        default ->
            throw new UsageException(
                id + ": reward.position is qpos, body or centre_of_mass, not " + name);
      };
    }
  }

  private record Range(
      @Nullable Integer first,
      @Nullable Integer last,
      @Nullable Double low,
      @Nullable Double high) {

    Bound resolved(String id) {
      if (first == null) {
        throw new UsageException(id + ": healthy.bounds needs first, an entry of the state");
      }
      return new Bound(
          first,
          or(last, first),
          or(low, Double.NEGATIVE_INFINITY),
          or(high, Double.POSITIVE_INFINITY));
    }
  }

  private record Healthy(
      @Nullable List<Range> bounds, @Nullable Boolean closed, @Nullable Boolean finite) {

    Health resolved(String id) {
      List<Range> ranges = Objects.requireNonNullElse(bounds, List.of());
      List<Bound> resolved = ranges.stream().map(range -> range.resolved(id)).toList();
      return new Health(resolved, or(closed, false), or(finite, false));
    }
  }

  private record Reset(
      @Nullable Double positionNoise,
      @Nullable Double velocityNoise,
      @Nullable Boolean positionNormal,
      @Nullable Boolean velocityNormal) {}

  private static <T> T or(@Nullable T value, T otherwise) {
    return Objects.requireNonNullElse(value, otherwise);
  }

  /**
   * Reads a description; the model itself is looked at only when the task is created.
   *
   * @throws UsageException for a missing or malformed file or an unknown key, in one line
   */
  public static MujocoTask load(Path toml) {
    if (!Files.isReadable(toml)) {
      throw new UsageException("cannot read the task description " + toml);
    }
    try {
      return resolved(toml, MAPPER.readValue(toml, File.class));
    } catch (UnrecognizedPropertyException e) {
      List<String> known = e.getKnownPropertyIds().stream().map(String::valueOf).toList();
      throw new UsageException(
          toml
              + ": unknown key "
              + e.getPropertyName()
              + "; did you mean "
              + Nearest.to(e.getPropertyName(), known)
              + "?",
          e);
    } catch (JacksonException e) {
      var at = e.getLocation();
      String where = at == null || at.getLineNr() < 1 ? "" : " line " + at.getLineNr();
      String why = e.getOriginalMessage().lines().findFirst().orElse("malformed");
      throw new UsageException(toml + where + ": " + why, e);
    }
  }

  private static MujocoTask resolved(Path toml, File file) {
    String name = String.valueOf(toml.getFileName());
    String id = or(file.id(), name.replaceFirst("\\.toml$", ""));
    if (file.model() == null) {
      throw new UsageException(toml + ": needs model, the MJCF file");
    }
    int frameSkip = or(file.frameSkip(), 1);
    int steps = or(file.maxEpisodeSteps(), 1000);
    if (frameSkip < 1 || steps < 1) {
      throw new UsageException(toml + ": frame_skip and max_episode_steps must be at least 1");
    }
    Observation observation = or(file.observation(), new Observation(null, null, null, null, null));
    Reward reward =
        or(file.reward(), new Reward(null, null, null, null, null, null, null, null, null));
    Healthy healthy = file.healthy();
    Reset reset = or(file.reset(), new Reset(null, null, null, null));
    return new MujocoTask(
        id,
        toml.resolveSibling(file.model()).toString(),
        false,
        frameSkip,
        steps,
        observation.resolved(),
        reward.resolved(id),
        healthy == null ? Health.ALWAYS : healthy.resolved(id),
        new Noise(or(reset.positionNormal(), false), or(reset.positionNoise(), 0.0)),
        new Noise(or(reset.velocityNormal(), false), or(reset.velocityNoise(), 0.0)));
  }
}
