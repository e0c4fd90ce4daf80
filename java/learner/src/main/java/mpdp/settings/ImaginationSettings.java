package mpdp.settings;

/** The {@code [imagination]} table: model rollouts whose states updates may start from. */
public record ImaginationSettings(
    @Setting(initial = "false", doc = "Keep a buffer of states imagined by the ensemble.")
        boolean enabled,
    @Setting(initial = "20", range = "[1, 1000]", doc = "Steps of an imagined rollout.")
        int horizon,
    @Setting(initial = "400", range = "[1, 1000000]", doc = "Start states of each round.")
        int rollouts,
    @Setting(initial = "1", range = "[1, inf)", doc = "Environment steps between rounds.")
        long interval,
    @Setting(initial = "100000", range = "[1, 100000000]", doc = "Imagined states kept.")
        int capacity,
    @Setting(
            initial = "1.0",
            range = "[0, 1]",
            doc = "Share of an update's states taken from real experience, not imagination.")
        double realRatio) {}
