package mpdp.app.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mpdp.UsageException;
import mpdp.app.run.Curve;
import mpdp.app.run.RunStatus;
import mpdp.app.run.RunSummary;

/**
 * Groups of runs at a number of environment steps.
 *
 * @param by what makes the groups
 * @param steps where the runs are compared
 * @param groups in the order in which their runs were given
 * @param pairs every two groups that have runs of equal seeds
 * @param leftOut runs that have not come that far
 */
public record Comparison(
    String by, long steps, List<Group> groups, List<Pair> pairs, List<RunSummary> leftOut) {
  private static final Pattern NUMBER =
      Pattern.compile("-?\\d+(\\.\\d+)?(e-?\\d+)?", Pattern.CASE_INSENSITIVE);

  /**
   * Compares runs.
   *
   * @param by the keys whose values make the groups
   * @param at the steps; left out, the most that all finished runs were evaluated at
   * @throws UsageException if a key is unknown, two runs are the same, or none has come that far
   */
  public static Comparison of(List<RunSummary> runs, List<String> by, OptionalLong at) {
    long steps = at.orElseGet(() -> furthest(runs));
    SequencedMap<String, List<RunSummary>> members = members(runs, by);
    Strata strata = Strata.of(members.values());
    List<Group> groups = new ArrayList<>();
    List<RunSummary> leftOut = new ArrayList<>();
    members.forEach(
        (key, group) -> {
          refuseTwins(group, strata);
          List<Score> scores = new ArrayList<>();
          for (RunSummary run : group) {
            Score score = Score.of(run, strata.name(run), steps);
            if (score.counts()) {
              scores.add(score);
            } else {
              leftOut.add(run);
            }
          }
          if (!scores.isEmpty()) {
            groups.add(Group.of(key, scores));
          }
        });
    if (groups.isEmpty()) {
      throw new UsageException("no run has an evaluation up to step " + steps + " yet; see --at");
    }
    return new Comparison(String.join(", ", by), steps, groups, pairs(groups), leftOut);
  }

  /** The runs by group: numbers ascend, other keys come in the order of their runs. */
  private static SequencedMap<String, List<RunSummary>> members(
      List<RunSummary> runs, List<String> by) {
    SequencedMap<String, List<RunSummary>> members =
        runs.stream()
            .collect(
                Collectors.groupingBy(
                    run -> by.stream().map(run::value).collect(Collectors.joining(" ")),
                    LinkedHashMap::new,
                    Collectors.toList()));
    if (!members.keySet().stream().allMatch(key -> NUMBER.matcher(key).matches())) {
      return members;
    }
    SequencedMap<String, List<RunSummary>> ascending =
        new TreeMap<>(Comparator.comparingDouble(Double::parseDouble));
    ascending.putAll(members);
    return ascending;
  }

  private static long furthest(List<RunSummary> runs) {
    boolean finished = runs.stream().anyMatch(run -> run.status() == RunStatus.FINISHED);
    return runs.stream()
        .filter(run -> run.status() == RunStatus.FINISHED || !finished)
        .map(RunSummary::evaluations)
        .filter(curve -> !curve.isEmpty())
        .mapToLong(Comparison::last)
        .min()
        .orElseThrow(() -> new UsageException("no run has an evaluation yet"));
  }

  private static long last(Curve curve) {
    return (long) curve.x()[curve.x().length - 1];
  }

  private static void refuseTwins(List<RunSummary> group, Strata strata) {
    Map<String, RunSummary> seen = new HashMap<>();
    for (RunSummary run : group) {
      RunSummary twin = seen.put(strata.name(run) + " s" + run.seed(), run);
      if (twin != null) {
        throw new UsageException(
            "%s and %s differ in nothing but their folder; leave one out, or add folder or commit to --by"
                .formatted(twin.path(), run.path()));
      }
    }
  }

  private static List<Pair> pairs(List<Group> groups) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      for (int j = i + 1; j < groups.size(); j++) {
        Pair pair = Pair.of(groups.get(i), groups.get(j));
        if (pair.n() > 0) {
          pairs.add(pair);
        }
      }
    }
    return pairs;
  }
}
