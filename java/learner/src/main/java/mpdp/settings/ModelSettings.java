package mpdp.settings;

import java.util.List;
import mpdp.nn.NetworkSizes;

/** The {@code [model]} table: the ensemble of dynamics networks and its training. */
public record ModelSettings(
    @Setting(initial = "7", range = "[2, 64]", doc = "Networks K in the ensemble.") int members,
    @Setting(initial = "5", range = "[1, 64]", doc = "Best members that make predictions.")
        int elites,
    @Setting(initial = "4", range = "[1, 16]", doc = "Hidden layers of a member.") int layers,
    @Setting(initial = "200", range = "[1, 16384]", doc = "Units in a hidden layer of a member.")
        int width,
    @Setting(initial = "1e-3", range = "(0, 1]", doc = "Adam step size of the ensemble.")
        double learningRate,
    @Setting(initial = "256", range = "[1, 1000000]", doc = "Transitions per member and step.")
        int batch,
    @Setting(initial = "0.2", range = "(0, 1)", doc = "Share of the data kept for early stopping.")
        double holdout,
    @Setting(
            initial = "nll",
            doc = "Holdout measure that stops training and picks elites: mse or nll.")
        HoldoutLoss holdoutLoss,
    @Setting(initial = "5", range = "[1, 1000]", doc = "Epochs without improvement before a stop.")
        int patience,
    @Setting(
            initial = "0.01",
            range = "[0, 1)",
            doc =
                "Fall of the holdout loss that counts as an improvement, relative to it (nll: to at least 1).")
        double improvement,
    @Setting(initial = "250", range = "[1, inf)", doc = "Environment steps between trainings.")
        long interval,
    @Setting(
            initial = "0",
            range = "[0, inf)",
            doc = "Epochs of one training at most; 0: no limit.")
        int maxEpochs,
    @Setting(
            initial = "0",
            range = "[0, inf)",
            doc = "Gradient steps of one training at most; 0: no limit.")
        int maxSteps,
    @Setting(
            initial = "[2.5e-5, 5e-5, 7.5e-5, 7.5e-5, 1e-4]",
            range = "[0, 1]",
            doc = "Weight decay: one number for every layer, or one for each (`layers` + 1).")
        List<Double> weightDecay,
    @Setting(initial = "-10", range = "[-50, 50]", doc = "Lower soft bound of the log-variance.")
        double logVarianceMin,
    @Setting(initial = "0.5", range = "[-50, 50]", doc = "Upper soft bound of the log-variance.")
        double logVarianceMax,
    @Setting(initial = "true", doc = "Learn the two bounds, starting from the values above.")
        boolean boundsLearned,
    @Setting(initial = "false", doc = "Standardise the state change and reward it predicts.")
        boolean normalizeTargets) {

  public ModelSettings {
    weightDecay = List.copyOf(weightDecay);
  }

  /** How large the ensemble is. */
  public NetworkSizes sizes() {
    return new NetworkSizes(members, layers, width, false);
  }
}
