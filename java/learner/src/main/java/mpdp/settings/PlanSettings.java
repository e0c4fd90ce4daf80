package mpdp.settings;

/** The {@code [plan]} table: the plan whose first step is distilled into the policy. */
public record PlanSettings(
    @Setting(initial = "25", range = "[1, 100]", doc = "Longest plan Hmax, in steps.") int horizon,
    @Setting(initial = "separate", doc = "One network for each step of the plan, or one for all.")
        PlanPolicies policies,
    @Setting(
            initial = "true",
            doc =
                "Compute the ensemble's disagreement u, by every member for every row; false asks one"
                    + " elite a row, and needs penalty = 0 and uncertainty-threshold = inf.")
        boolean uncertainty,
    @Setting(
            initial = "fp32",
            doc =
                "Products of the ensemble's predictions in plans: fp32, or bf16 (rounded to bfloat16,"
                    + " summed in float32), which is faster where the hardware multiplies bfloat16.")
        PlanPrecision precision,
    @Setting(initial = "log", doc = "Scale of the ensemble's disagreement u.")
        UncertaintyScale uncertaintyScale,
    @Setting(
            initial = "-1.5",
            range = "[-1000, inf]",
            doc = "Threshold u_T at which a plan stops; on the raw scale it must be positive.")
        double uncertaintyThreshold,
    @Setting(initial = "0.5", range = "[0, 1000]", doc = "Penalty beta on u in a plan's reward.")
        double penalty,
    @Setting(
            initial = "false",
            doc = "Let the gradient of the tail value reach the policy through its own action.")
        boolean tailPolicyGradient,
    @Setting(
            initial = "false",
            doc = "Train the critics on targets expanded along the plan, not on one step.")
        boolean valueExpansion,
    @Setting(
            initial = "0.5",
            range = "[0, 1]",
            doc = "With `value-expansion`: weight of real transitions in the critics' loss.")
        double realRatio) {}
