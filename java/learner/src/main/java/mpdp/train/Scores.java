package mpdp.train;

import java.util.SequencedMap;
import mpdp.agent.ModelReport;
import mpdp.tensor.StateVisitor;

/** What the last evaluation and the last training of the model came to. */
final class Scores {
  private long evaluatedAt = -1;
  private double evaluationMean = Double.NaN;
  private double evaluationDeviation = Double.NaN;
  private double modelError = Double.NaN;
  private double modelLoss = Double.NaN;
  private double modelSteps;

  void evaluated(long step, Evaluation evaluation) {
    evaluatedAt = step;
    evaluationMean = evaluation.mean();
    evaluationDeviation = evaluation.standardDeviation();
  }

  void trained(ModelReport report) {
    modelError = report.holdoutError();
    modelLoss = report.holdoutLoss();
    modelSteps += report.steps();
  }

  /** Adds the columns of a row at {@code step}: an evaluation counts in the row of its own step. */
  void put(SequencedMap<String, Double> row, long step) {
    boolean fresh = evaluatedAt == step;
    row.put("eval_return", fresh ? evaluationMean : Double.NaN);
    row.put("eval_std", fresh ? evaluationDeviation : Double.NaN);
    row.put("model_nll_holdout", modelLoss);
    row.put("model_mse_holdout", modelError);
    row.put("model_steps", modelSteps);
  }

  void visit(StateVisitor visitor) {
    visitor.number("evaluated_at", () -> evaluatedAt, value -> evaluatedAt = value);
    double[] evaluation = {evaluationMean, evaluationDeviation};
    visitor.doubles("evaluation", evaluation);
    evaluationMean = evaluation[0];
    evaluationDeviation = evaluation[1];
    double[] model = {modelError, modelLoss, modelSteps};
    visitor.doubles("model", model);
    modelError = model[0];
    modelLoss = model[1];
    modelSteps = model[2];
  }
}
