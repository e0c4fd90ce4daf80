package mpdp.settings;

import java.util.List;
import java.util.Map;
import mpdp.UsageException;

/**
 * The whole configuration of a run, one record per TOML table. Every instance is valid: the
 * constructor checks each number against the range its component declares, and the few rules that
 * tie keys together, and throws a {@link UsageException} that names key, value and allowed range.
 */
public record Settings(
    TaskSettings task,
    TrainSettings train,
    AgentSettings agent,
    PlanSettings plan,
    ModelSettings model,
    ImaginationSettings imagination) {

  public Settings {
    List.of(task, train, agent, plan, model, imagination).forEach(SettingsCheck::ranges);
    SettingsCheck.together(agent, plan, model);
  }

  /** Every key at its default; the task id is empty. */
  public static Settings defaults() {
    return SettingsLoader.bind(Map.of());
  }

  /** A copy with some keys replaced, each written {@code section.key=value}. */
  public Settings with(String... sets) {
    return SettingsLoader.overlay(this, List.of(sets));
  }
}
