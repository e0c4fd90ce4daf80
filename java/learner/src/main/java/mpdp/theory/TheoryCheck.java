package mpdp.theory;

import static mpdp.theory.TabularMdp.distance;
import static mpdp.theory.TabularMdp.largest;
import static mpdp.theory.TabularMdp.lead;

import java.util.EnumMap;
import java.util.Map;
import mpdp.random.RandomStream;

/**
 * Checks every statement on one random process. A margin is the least amount by which a statement
 * holds at any state and horizon, relative to the size of the values; negative means violated.
 */
final class TheoryCheck {
  private static final int LONGEST = 8;
  private static final int MOST_ALTERNATIONS = 500;
  private static final int LONGEST_SEARCH = 1 << 14;
  private static final double BETA = 0.5;

  private final Improvement improvement;
  private final RandomMdps draw;
  private final TabularMdp mdp;
  private final double[] old;
  private final double[] optimum;
  private final double scale;
  private final Map<Statement, Double> margins = new EnumMap<>(Statement.class);

  private TheoryCheck(Improvement improvement, RandomStream random) {
    this.improvement = improvement;
    this.draw = new RandomMdps(random);
    this.mdp = draw.mdp();
    this.old = mdp.evaluate(draw.policy(mdp));
    this.optimum = mdp.optimum();
    this.scale = 1 + Math.max(largest(optimum), largest(old));
  }

  /** The margin of each statement that applies to the process drawn from {@code random}. */
  static Map<Statement, Double> margins(Improvement improvement, RandomStream random) {
    TheoryCheck check = new TheoryCheck(improvement, random);
    check.horizons();
    check.alternation();
    check.largerHorizon();
    check.klForm();
    check.adaptiveStopping();
    check.penalty();
    return check.margins;
  }

  private void observe(Statement statement, double lead) {
    // A NaN must count against the statement, never pass unseen.
    double margin = Double.isNaN(lead) ? Double.NEGATIVE_INFINITY : lead / scale;
    margins.merge(statement, margin, Math::min);
  }

  private void horizons() {
    double[] lastValue = mdp.evaluate(improvement.plan(mdp, old, 1).first());
    double[] lastObjective = old;
    for (int h = 1; h <= LONGEST; h++) {
      Improvement.Plan plan = improvement.plan(mdp, old, h);
      double[] value = mdp.evaluate(plan.first());
      double[] objective = plan.objective();
      double tail = Math.pow(mdp.discount(), h);
      observe(Statement.LEMMA_1, lead(value, old));
      observe(Statement.LEMMA_1_SHARPER, lead(value, objective));
      observe(Statement.LEMMA_1_SHARPER, lead(objective, old));
      observe(
          Statement.LEMMA_1_CONTRACTION, tail * distance(optimum, old) - distance(optimum, value));
      observe(Statement.LEMMA_3, lead(objective, lastObjective));
      observe(Statement.GROWTH_WITH_HORIZON, lead(value, lastValue));
      theorem4(value, objective, tail);
      double[] printed = Improvement.TAIL_AS_PRINTED.plan(mdp, old, h).first();
      observe(Statement.LEMMA_1_TAIL_AS_PRINTED, lead(mdp.evaluate(printed), old));
      lastValue = value;
      lastObjective = objective;
    }
  }

  private void theorem4(double[] value, double[] objective, double tail) {
    double best = Double.NEGATIVE_INFINITY;
    double worst = Double.POSITIVE_INFINITY;
    for (double reward : mdp.reward()) {
      best = Math.max(best, reward);
      worst = Math.min(worst, reward);
    }
    // r_max bounds the soft reward E[r - alpha log pi]: the entropy adds at most alpha log A.
    double softBest = best + mdp.alpha() * Math.log(mdp.actions());
    double first = lead(value, objective);
    double gap = lead(objective, optimum);
    double printed = Math.min(first, gap + tail * softBest / (1 - mdp.discount()));
    observe(Statement.THEOREM_4, Math.min(first, gap + tail * distance(optimum, old)));
    observe(Statement.THEOREM_4_AS_PRINTED, printed);
    if (worst >= 0) {
      observe(Statement.THEOREM_4_NON_NEGATIVE, printed);
    }
  }

  private void alternation() {
    double[] value = old;
    for (int i = 0; i < MOST_ALTERNATIONS; i++) {
      double[] next = mdp.evaluate(improvement.plan(mdp, value, 1 + i % LONGEST).first());
      double change = distance(next, value);
      value = next;
      if (change <= 1e-13 * scale) {
        break;
      }
    }
    observe(Statement.THEOREM_2, -distance(value, optimum));
  }

  /** For some H, looks for a larger horizon that is no worse anywhere, doubling in the end. */
  private void largerHorizon() {
    for (int h = 1; h <= LONGEST; h += 2) {
      double[] value = mdp.evaluate(improvement.plan(mdp, old, h).first());
      double best = Double.NEGATIVE_INFINITY;
      double[] ahead = old;
      int steps = 0;
      for (int larger = h + 1; larger <= LONGEST_SEARCH && best < 0; ) {
        for (; steps < larger - 1; steps++) {
          ahead = mdp.optimalBackup(ahead);
        }
        double[] candidate = mdp.evaluate(improvement.plan(mdp, ahead, 1).first());
        best = Math.max(best, lead(candidate, value));
        larger = larger < 2 * LONGEST ? larger + 1 : 2 * larger;
      }
      observe(Statement.THEOREM_5, best);
    }
  }

  private void klForm() {
    int horizon = LONGEST / 2;
    Improvement.Plan plan = improvement.plan(mdp, old, horizon);
    double[] objective = old;
    double[] divergence = new double[mdp.states()];
    TabularMdp unrewarded = mdp.withReward(new double[mdp.reward().length]);
    for (int h = horizon - 1; h >= 0; h--) {
      double[] policy = draw.policy(mdp);
      objective = mdp.backup(policy, objective);
      double[] later = unrewarded.actionValues(divergence);
      for (int sa = 0; sa < later.length; sa++) {
        later[sa] += policy[sa] - plan.logPolicies()[h][sa];
      }
      divergence = mdp.expectation(policy, later);
    }
    double[] projected = plan.objective().clone();
    for (int s = 0; s < projected.length; s++) {
      projected[s] -= mdp.alpha() * divergence[s];
    }
    // Sharp policies make the divergence itself large, and rounding grows with it.
    double size = 1 + mdp.alpha() * largest(divergence) / scale;
    observe(Statement.KL_FORM, -distance(objective, projected) / size);
  }

  private void adaptiveStopping() {
    for (int h = 1; h <= LONGEST; h += 2) {
      boolean[] stops = draw.stops(mdp);
      Improvement.Plan plan = improvement.plan(mdp, old, h, stops);
      double[] value = mdp.evaluate(plan.first());
      observe(Statement.ADAPTIVE_STOPPING, lead(value, plan.objective()));
      observe(Statement.ADAPTIVE_STOPPING, lead(plan.objective(), old));
      double[] printed = Improvement.STOP_AS_PRINTED.plan(mdp, old, h, stops).first();
      observe(Statement.ADAPTIVE_STOPPING_AS_PRINTED, lead(mdp.evaluate(printed), old));
    }
  }

  private void penalty() {
    for (int h = 1; h <= LONGEST; h += 2) {
      double[] uncertainty = draw.uncertainty(mdp);
      double[] penalised = mdp.reward().clone();
      for (int sa = 0; sa < penalised.length; sa++) {
        penalised[sa] -= BETA * uncertainty[sa];
      }
      double[] policy = improvement.plan(mdp.withReward(penalised), old, h).first();
      double change = lead(mdp.evaluate(policy), old);
      double allowed = BETA * largest(uncertainty) / (1 - mdp.discount());
      observe(Statement.PENALTY_BOUND, change + allowed);
      observe(Statement.PENALTY_LEMMA_1, change);
    }
  }
}
