package mpdp.settings;

/** The {@code [task]} table: which task, and which form of it. */
public record TaskSettings(
    @Setting(
            initial = "",
            doc = "Gymnasium id such as `Hopper-v5`, or the path of a task description file.")
        String id,
    @Setting(
            initial = "true",
            doc = "Leave contact forces and other derived numbers out of Ant and Humanoid.")
        boolean truncatedObservations,
    @Setting(
            initial = "false",
            doc = "Leave contact margins as Gymnasium does on MuJoCo 3.5 and later: their sum.")
        boolean gymnasiumMargins,
    @Setting(
            initial = "0",
            range = "[0, 1000000]",
            doc = "Steps after which an episode is truncated; 0 takes the task's own limit.")
        int maxEpisodeSteps) {}
