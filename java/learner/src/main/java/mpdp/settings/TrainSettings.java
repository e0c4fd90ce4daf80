package mpdp.settings;

/** The {@code [train]} table: the loop around the agent. */
public record TrainSettings(
    @Setting(initial = "mpdp", doc = "The learner.") Algorithm algorithm,
    @Setting(initial = "fast", doc = "The preset the other keys start from.") String preset,
    @Setting(initial = "100000", range = "[1, inf)", doc = "Environment steps of the whole run.")
        long steps,
    @Setting(initial = "0", range = "[0, inf)", doc = "Seed of every random draw.") long seed,
    @Setting(
            initial = "auto",
            doc = "`auto`, `reference`, `cpu`, `opencl` or `cuda`; a named one never falls back.")
        String backend,
    @Setting(
            initial = "",
            doc =
                "OpenCL device: its number or a part of its name (`mpdp doctor`); empty takes a GPU, else the first.")
        String device,
    @Setting(initial = "0", range = "[0, 4096]", doc = "CPU threads; 0 takes every core.")
        int threads,
    @Setting(
            initial = "5000",
            range = "[1, inf)",
            doc = "Environment steps with random actions before learning starts.")
        long randomSteps,
    @Setting(
            initial = "20",
            range = "(0, 1000]",
            doc = "Gradient updates per environment step; below 1, one every few steps.")
        double updatesPerStep,
    @Setting(initial = "1", range = "[1, 4096]", doc = "Environments stepped side by side.")
        int environments,
    @Setting(
            initial = "false",
            doc =
                "Step the environments while the agent learns, on a thread more: updates see a transition one step later.")
        boolean overlap,
    @Setting(
            initial = "1000000",
            range = "[1, 100000000]",
            doc = "Transitions kept in the replay buffer.")
        int replayCapacity,
    @Setting(
            initial = "1000",
            range = "[1, inf)",
            doc = "Environment steps between rows of metrics.csv.")
        long logInterval,
    @Setting(
            initial = "5000",
            range = "[0, inf)",
            doc = "Environment steps between evaluations; 0 evaluates at the end only.")
        long evaluationInterval,
    @Setting(initial = "5", range = "[1, 10000]", doc = "Episodes of one evaluation.")
        int evaluationEpisodes,
    @Setting(
            initial = "10000",
            range = "[0, inf)",
            doc = "Environment steps between checkpoints; 0 writes one at the end only.")
        long checkpointInterval) {}
