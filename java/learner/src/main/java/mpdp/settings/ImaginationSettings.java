package mpdp.settings;

/** The {@code [imagination]} table: where plans start besides real states. */
public record ImaginationSettings(
    @Setting(
            initial = "false",
            doc =
                "Start plans where the first step of the last plans led, not only in real states.")
        boolean enabled,
    @Setting(
            initial = "20",
            range = "[1, 10000]",
            doc = "Mean number of such steps before a fresh real state is taken.")
        int horizon) {}
