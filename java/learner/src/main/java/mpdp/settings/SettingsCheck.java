package mpdp.settings;

import java.util.List;
import mpdp.UsageException;

/** The rules a {@link Settings} keeps. */
final class SettingsCheck {
  private SettingsCheck() {}

  /** Checks each number of one section's record against its declared range. */
  static void ranges(Record section) {
    for (SettingKey key : SettingKey.all().values()) {
      if (key.component().getDeclaringRecord() == section.getClass()
          && !key.setting().range().isEmpty()) {
        Object value = key.read(section);
        List<?> numbers = value instanceof List<?> list ? list : List.of(value);
        numbers.forEach(number -> range(key, (Number) number));
      }
    }
  }

  private static void range(SettingKey key, Number number) {
    double value = number.doubleValue();
    boolean allowedNan = Double.isNaN(value) && key.setting().initial().equals("nan");
    if (!allowedNan && !Interval.parse(key.setting().range()).contains(value)) {
      throw new UsageException(
          key.path() + " = " + number + " is out of range; allowed: " + key.allowed());
    }
  }

  /** Checks the rules that tie two keys together. */
  static void together(AgentSettings agent, PlanSettings plan, ModelSettings model) {
    require(
        plan.uncertaintyScale() == UncertaintyScale.LOG || plan.uncertaintyThreshold() > 0,
        "plan.uncertainty-threshold = "
            + plan.uncertaintyThreshold()
            + " is out of range; on the raw scale it must be greater than 0");
    require(
        plan.uncertainty()
            || (plan.penalty() == 0 && plan.uncertaintyThreshold() == Double.POSITIVE_INFINITY),
        "plan.uncertainty = false needs plan.penalty = 0 and plan.uncertainty-threshold = inf, not "
            + plan.penalty()
            + " and "
            + plan.uncertaintyThreshold());
    require(
        agent.sacUpdates() == 0 || plan.policies() == PlanPolicies.SHARED,
        "agent.sac-updates = "
            + agent.sacUpdates()
            + " is out of range; with plan.policies = separate it must be 0");
    require(
        model.elites() <= model.members(),
        "model.elites = "
            + model.elites()
            + " is out of range; allowed: at most model.members = "
            + model.members());
    require(
        model.logVarianceMin() < model.logVarianceMax(),
        "model.log-variance-min = "
            + model.logVarianceMin()
            + " is out of range; allowed: less than model.log-variance-max = "
            + model.logVarianceMax());
    int decays = model.weightDecay().size();
    require(
        decays == 1 || decays == model.layers() + 1,
        "model.weight-decay has "
            + decays
            + " numbers; allowed: 1, or model.layers + 1 = "
            + (model.layers() + 1));
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new UsageException(message);
    }
  }
}
