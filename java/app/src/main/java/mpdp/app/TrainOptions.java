package mpdp.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import mpdp.UsageException;
import mpdp.settings.Settings;
import mpdp.settings.SettingsLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments of {@code train} that decide its settings. */
final class TrainOptions {
  @Parameters(
      arity = "0..1",
      paramLabel = "TASK",
      description = "A task's id such as Hopper-v5 (see mpdp tasks), or a TOML file.")
  private @Nullable String task;

  @Option(names = "--algorithm", paramLabel = "NAME", description = "mpdp or sac.")
  private @Nullable String algorithm;

  @Option(names = "--preset", paramLabel = "NAME", description = "fast (the default) or paper.")
  private @Nullable String preset;

  @Option(names = "--steps", paramLabel = "N", description = "Environment steps of the whole run.")
  private @Nullable String steps;

  @Option(names = "--seed", paramLabel = "S", description = "Seed of every random draw.")
  private @Nullable String seed;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "auto (the default), cuda, cpu, opencl or reference.")
  private @Nullable String backend;

  @Option(
      names = "--device",
      paramLabel = "N|NAME",
      description = "OpenCL device, by number or part of its name (see mpdp doctor).")
  private @Nullable String device;

  @Option(names = "--threads", paramLabel = "N", description = "CPU threads; 0 takes every core.")
  private @Nullable String threads;

  @Option(names = "--config", paramLabel = "FILE.toml", description = "A configuration file.")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One configuration key, such as agent.alpha=0.1; may be repeated.")
  private List<String> sets = new ArrayList<>();

  /** The settings of a new run. */
  Settings resolve() {
    if (task == null) {
      throw new UsageException("name a task, such as Hopper-v5 (see mpdp tasks), or --resume DIR");
    }
    List<String> keys = new ArrayList<>();
    each((key, value) -> keys.add(key + "=" + value));
    keys.addAll(sets);
    return SettingsLoader.resolve(task, preset, config, keys);
  }

  /** The settings of a run that goes on: its own, but for the number of steps. */
  Settings resume(Settings settings) {
    List<String> refused = new ArrayList<>();
    each(
        (key, value) -> {
          if (!key.equals("train.steps")) {
            refused.add("--" + key.substring(key.indexOf('.') + 1));
          }
        });
    add(refused, task, "TASK");
    add(refused, preset, "--preset");
    add(refused, config, "--config");
    add(refused, sets.isEmpty() ? null : sets, "--set");
    if (!refused.isEmpty()) {
      throw new UsageException(
          "--resume goes on with the run's own settings; leave out " + String.join(", ", refused));
    }
    return steps == null ? settings : settings.with("train.steps=" + steps);
  }

  private void each(BiConsumer<String, String> option) {
    pass(option, "train.algorithm", algorithm);
    pass(option, "train.steps", steps);
    pass(option, "train.seed", seed);
    pass(option, "train.backend", backend);
    pass(option, "train.device", device);
    pass(option, "train.threads", threads);
  }

  private static void pass(BiConsumer<String, String> option, String key, @Nullable String value) {
    if (value != null) {
      option.accept(key, value);
    }
  }

  private static void add(List<String> refused, @Nullable Object given, String name) {
    if (given != null) {
      refused.add(name);
    }
  }
}
