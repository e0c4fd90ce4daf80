package mpdp.checkpoint;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mpdp.MpdpException;
import mpdp.nn.NetworkSizes;

/**
 * What a checkpoint's metadata say of the agent whose tensors it holds: all that is needed to
 * rebuild its networks and to plan with them, without the settings of the run.
 *
 * @param states numbers in an observation
 * @param actions numbers in an action, each in (-1, 1)
 * @param terminationLow (states): a predicted state is alive above it
 * @param terminationHigh (states): and below this one
 * @param terminationInclusive whether the bounds themselves are alive
 * @param discount g of a future reward
 * @param normalizedObservations whether policies and critics see standardised states
 * @param trainsModel whether the agent has a dynamics model that training reaches
 * @param policies policy networks; the first one acts
 */
public record AgentHeader(
    int states,
    int actions,
    float[] terminationLow,
    float[] terminationHigh,
    boolean terminationInclusive,
    double discount,
    boolean normalizedObservations,
    boolean trainsModel,
    int modelMembers,
    int modelElites,
    int modelLayers,
    int modelWidth,
    int policies,
    int policyLayers,
    int policyWidth,
    int critics,
    int criticLayers,
    int criticWidth,
    boolean criticNorm) {

  /** What the names of the agent's tensors and metadata begin with. */
  public static final String PREFIX = "agent";

  /** The dynamics ensemble's. */
  public NetworkSizes modelSizes() {
    return new NetworkSizes(modelMembers, modelLayers, modelWidth, false);
  }

  /** The plan policies'. */
  public NetworkSizes policySizes() {
    return new NetworkSizes(policies, policyLayers, policyWidth, false);
  }

  /** The critics'. */
  public NetworkSizes criticSizes() {
    return new NetworkSizes(critics, criticLayers, criticWidth, criticNorm);
  }

  /** Adds this header to a checkpoint. */
  public void put(Checkpoint checkpoint) {
    put(checkpoint, "states", states);
    put(checkpoint, "actions", actions);
    put(checkpoint, "termination_low", join(terminationLow));
    put(checkpoint, "termination_high", join(terminationHigh));
    put(checkpoint, "termination_inclusive", terminationInclusive);
    put(checkpoint, "discount", discount);
    put(checkpoint, "normalized_observations", normalizedObservations);
    put(checkpoint, "trains_model", trainsModel);
    put(checkpoint, "model_members", modelMembers);
    put(checkpoint, "model_elites", modelElites);
    put(checkpoint, "model_layers", modelLayers);
    put(checkpoint, "model_width", modelWidth);
    put(checkpoint, "policies", policies);
    put(checkpoint, "policy_layers", policyLayers);
    put(checkpoint, "policy_width", policyWidth);
    put(checkpoint, "critics", critics);
    put(checkpoint, "critic_layers", criticLayers);
    put(checkpoint, "critic_width", criticWidth);
    put(checkpoint, "critic_norm", criticNorm);
  }

  /**
   * Reads the header.
   *
   * @throws MpdpException if there is none, or a value that makes no sense
   */
  public static AgentHeader of(Checkpoint checkpoint) {
    if (!checkpoint.metadata().containsKey(PREFIX + ".states")) {
      throw new MpdpException(
          "the checkpoint does not say how its agent is built, an earlier version wrote it: "
              + "resume the run (mpdp train --resume RUN), which writes a new one");
    }
    Reader reader = new Reader(checkpoint);
    int states = reader.number("states");
    return new AgentHeader(
        states,
        reader.number("actions"),
        reader.floats("termination_low", states),
        reader.floats("termination_high", states),
        reader.flag("termination_inclusive"),
        reader.fraction("discount"),
        reader.flag("normalized_observations"),
        reader.flag("trains_model"),
        reader.number("model_members"),
        reader.number("model_elites"),
        reader.number("model_layers"),
        reader.number("model_width"),
        reader.number("policies"),
        reader.number("policy_layers"),
        reader.number("policy_width"),
        reader.number("critics"),
        reader.number("critic_layers"),
        reader.number("critic_width"),
        reader.flag("critic_norm"));
  }

  private static void put(Checkpoint checkpoint, String name, Object value) {
    checkpoint.put(PREFIX + "." + name, value.toString());
  }

  private static String join(float[] values) {
    return IntStream.range(0, values.length)
        .mapToObj(i -> Float.toString(values[i]))
        .collect(Collectors.joining(" "));
  }

  /** Reads one entry at a time; an error names it. */
  private record Reader(Checkpoint checkpoint) {
    private String text(String name) {
      return checkpoint.get(PREFIX + "." + name);
    }

    private MpdpException wrong(String name) {
      return new MpdpException(
          "entry '%s.%s' of the checkpoint is '%s': another version wrote it"
              .formatted(PREFIX, name, text(name)));
    }

    int number(String name) {
      double value = parse(name, text(name));
      if (value < 1 || value != (int) value) {
        throw wrong(name);
      }
      return (int) value;
    }

    double fraction(String name) {
      double value = parse(name, text(name));
      if (!(value >= 0 && value <= 1)) {
        throw wrong(name);
      }
      return value;
    }

    private double parse(String name, String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw wrong(name);
      }
    }

    boolean flag(String name) {
      return switch (text(name)) {
        case "true" -> true;
        case "false" -> false;
        default -> throw wrong(name);
      };
    }

    float[] floats(String name, int count) {
      String[] parts = text(name).split(" ");
      if (parts.length != count) {
        throw wrong(name);
      }
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) parse(name, parts[i]);
      }
      return values;
    }
  }
}
