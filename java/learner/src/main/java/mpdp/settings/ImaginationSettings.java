package mpdp.settings;

/** The {@code [imagination]} table: what updates take from the ensemble besides plans. */
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
        int horizon,
    @Setting(
            initial = "0.5",
            range = "[0, 1]",
            doc = "With `plan.value-expansion`: weight of real transitions in the critics' loss.")
        double realRatio) {}
