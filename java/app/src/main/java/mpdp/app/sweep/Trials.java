package mpdp.app.sweep;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import mpdp.app.campaign.Campaign;
import mpdp.app.campaign.CampaignFile;
import mpdp.app.campaign.CampaignRun;
import mpdp.app.campaign.PlannedRun;
import mpdp.app.campaign.Study;
import mpdp.app.compare.Statistics;
import mpdp.app.run.Curve;
import mpdp.app.run.RunFolder;
import mpdp.app.run.RunStatus;
import mpdp.app.run.RunSummary;

/**
 * The trials of a study and who of them goes on. Everything follows from the run folders: scores of
 * a rung are read at its own steps, also after the runs have gone further.
 */
final class Trials {
  private final Study study;
  private final SequencedMap<String, List<Member>> members = new LinkedHashMap<>();

  /**
   * A trial's run.
   *
   * @param cell the point of the grid that it has in common with runs of other trials
   */
  record Member(String cell, CampaignRun run) {}

  /**
   * How a trial stands.
   *
   * @param steps of the last rung that it is on
   * @param score mean of its runs' last evaluations up to there, NaN while one of them has none
   * @param rank mean over the grid's points of its place among the trials of its rung, 1 the best
   */
  record Standing(String trial, long steps, double score, double rank) {}

  Trials(Campaign campaign, CampaignFile file) {
    this.study = requireNonNull(file.study());
    Map<String, CampaignRun> runs =
        campaign.runs().stream().collect(Collectors.toMap(CampaignRun::name, run -> run));
    for (PlannedRun planned : file.runs()) {
      SequencedMap<String, Object> point = new LinkedHashMap<>(planned.keys());
      point.keySet().retainAll(file.grid().keySet());
      CampaignRun run = requireNonNull(runs.get(planned.name()));
      members
          .computeIfAbsent(planned.variant(), trial -> new ArrayList<>())
          .add(new Member(point.toString(), run));
    }
  }

  /** The keys that the trials differ in. */
  List<String> keys() {
    return List.copyOf(study.ranges().keySet());
  }

  List<Member> members(String trial) {
    return members.getOrDefault(trial, List.of());
  }

  /** The runs of the rung that is not over yet, given its steps; after the last one, all runs. */
  List<CampaignRun> due() {
    List<String> trials = List.copyOf(members.keySet());
    for (int rung = 0; rung < study.rungs().size(); rung++) {
      long steps = study.rungs().get(rung);
      List<CampaignRun> runs = runs(trials);
      for (CampaignRun run : runs) {
        if (run.settings().train().steps() < steps && run.status() != RunStatus.FAILED) {
          RunFolder.extend(run.folder(), steps);
        }
      }
      if (rung == study.rungs().size() - 1 || !runs.stream().allMatch(run -> passed(run, steps))) {
        return runs;
      }
      trials = best(trials, study.trialsOn(rung + 1), steps);
    }
    return runs(trials);
  }

  private List<CampaignRun> runs(List<String> trials) {
    return trials.stream().flatMap(trial -> members(trial).stream()).map(Member::run).toList();
  }

  private static boolean passed(CampaignRun run, long steps) {
    return Sweep.isOver(run) || run.settings().train().steps() > steps;
  }

  private List<String> best(List<String> trials, int count, long steps) {
    return standings(trials, steps).stream()
        .filter(standing -> !Double.isNaN(standing.score()))
        .sorted(Comparator.comparingDouble(Standing::rank).thenComparing(Standing::trial))
        .limit(count)
        .map(Standing::trial)
        .sorted()
        .toList();
  }

  /** All trials, each on its last rung, among those that came there. */
  List<Standing> standings() {
    SequencedMap<String, Long> steps = new LinkedHashMap<>();
    members.forEach(
        (trial, runs) -> steps.put(trial, runs.getFirst().run().settings().train().steps()));
    List<Standing> all = new ArrayList<>();
    for (long rung : new TreeSet<>(steps.values())) {
      List<String> there =
          steps.keySet().stream().filter(t -> steps.getOrDefault(t, 0L) >= rung).toList();
      all.addAll(
          standings(there, rung).stream()
              .filter(s -> steps.getOrDefault(s.trial(), 0L) == rung)
              .toList());
    }
    all.sort(Comparator.comparing(Standing::trial));
    return all;
  }

  private List<Standing> standings(List<String> trials, long steps) {
    Map<String, Map<String, Double>> cells = new LinkedHashMap<>();
    for (String trial : trials) {
      members(trial).stream()
          .collect(Collectors.groupingBy(Member::cell))
          .forEach(
              (cell, runs) -> {
                double[] scores = runs.stream().mapToDouble(m -> score(m.run(), steps)).toArray();
                cells
                    .computeIfAbsent(cell, key -> new LinkedHashMap<>())
                    .put(trial, Statistics.mean(scores));
              });
    }
    return trials.stream()
        .map(
            trial ->
                new Standing(
                    trial,
                    steps,
                    cells.values().stream().mapToDouble(c -> c.get(trial)).average().orElseThrow(),
                    cells.values().stream()
                        .mapToDouble(c -> place(c, trial))
                        .average()
                        .orElseThrow()))
        .toList();
  }

  /** One more than the trials of the cell with a better score; the last place without a score. */
  private static double place(Map<String, Double> cell, String trial) {
    double own = cell.getOrDefault(trial, Double.NaN);
    return 1 + cell.values().stream().filter(other -> other > own || Double.isNaN(own)).count();
  }

  /** The last evaluation up to those steps; NaN for a run that failed or is not there yet. */
  private static double score(CampaignRun run, long steps) {
    RunSummary summary = RunSummary.read(run.folder());
    Curve curve = summary.evaluations();
    int last = curve.before(steps);
    boolean counts = summary.steps() >= steps && summary.status() != RunStatus.FAILED && last >= 0;
    return counts ? curve.values()[last] : Double.NaN;
  }
}
