package mpdp.settings;

import java.util.ArrayList;
import java.util.List;

/** Settings for tests: every network tiny, everything that a run does within few steps. */
public final class SmallSettings {
  private static final List<String> SMALL =
      List.of(
          "train.steps=180",
          "train.random-steps=40",
          "train.updates-per-step=0.5",
          "train.log-interval=40",
          "train.evaluation-interval=100",
          "train.evaluation-episodes=1",
          "train.checkpoint-interval=90",
          "train.replay-capacity=150",
          "agent.batch=8",
          "agent.critic-width=8",
          "agent.policy-width=8",
          "plan.horizon=3",
          "model.members=3",
          "model.elites=2",
          "model.layers=1",
          "model.width=8",
          "model.batch=16",
          "model.interval=60",
          "model.max-epochs=1",
          "model.weight-decay=[1e-5]");

  private SmallSettings() {}

  /** Pendulum-v1 from the preset; {@code keys} are {@code section.key=value}, the last layer. */
  public static Settings of(String preset, List<String> keys) {
    List<String> all = new ArrayList<>(SMALL);
    all.addAll(keys);
    return SettingsLoader.resolve("Pendulum-v1", preset, null, all);
  }
}
