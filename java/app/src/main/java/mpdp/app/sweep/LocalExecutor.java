package mpdp.app.sweep;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mpdp.MpdpException;
import mpdp.app.campaign.Campaign;
import mpdp.app.campaign.CampaignRun;
import mpdp.app.run.RunFiles;
import mpdp.app.run.RunFolder;
import mpdp.app.run.RunStatus;
import org.jspecify.annotations.Nullable;

/**
 * Runs side by side on this machine, each a child process of this installation. A child's standard
 * input is a pipe that nobody writes to: when this process dies, however it dies, the child reads
 * its end, writes a checkpoint and stops. Until then it holds the lock of its run's folder, so that
 * another sweep waits for it.
 */
public final class LocalExecutor implements Executor {
  private static final long POLL_MILLIS = 200;

  private final int jobs;
  private final int threads;
  private final Progress progress;
  private final Cores cores = Cores.available();
  private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
  private final Map<Integer, Child> children = new HashMap<>();
  private boolean stopped;

  /**
   * @param jobs runs side by side
   * @param threads of each run; 0 leaves them to its settings
   */
  public LocalExecutor(int jobs, int threads, Progress progress) {
    this.jobs = jobs;
    this.threads = threads;
    this.progress = progress;
  }

  /**
   * A process that trains.
   *
   * @param steps of the run's latest checkpoint when it started
   */
  private record Child(CampaignRun run, Process process, long steps) {}

  @Override
  public boolean execute(Campaign campaign, List<CampaignRun> runs) {
    Deque<CampaignRun> waiting = new ArrayDeque<>(runs);
    while (true) {
      waiting.addAll(startAll(campaign, waiting));
      synchronized (this) {
        if (children.isEmpty() && (stopped || waiting.isEmpty())) {
          return !stopped;
        }
      }
      Child child = next();
      if (child != null && goesOn(child)) {
        waiting.add(child.run());
      }
    }
  }

  /** Fills the free places; returns the runs that another process holds, to be asked again. */
  private synchronized List<CampaignRun> startAll(Campaign campaign, Deque<CampaignRun> waiting) {
    List<CampaignRun> held = new ArrayList<>();
    while (!stopped && children.size() < jobs && !waiting.isEmpty()) {
      CampaignRun run = waiting.removeFirst();
      if (RunFolder.isLocked(run.folder())) {
        held.add(run);
      } else if (run.status() != RunStatus.FINISHED) {
        start(campaign, run);
      } else {
        progress.ended(run);
      }
    }
    return held;
  }

  private void start(Campaign campaign, CampaignRun run) {
    int place = 0;
    while (children.containsKey(place)) {
      place++;
    }
    try {
      Process process =
          new ProcessBuilder(command(campaign, run, place))
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(run.console().toFile()))
              .start();
      children.put(place, new Child(run, process, run.steps()));
      int key = place;
      process.onExit().thenRun(() -> ended.add(key));
      progress.started(run);
    } catch (IOException e) {
      throw new MpdpException("cannot start " + run.name() + ": " + RunFiles.reason(e), e);
    }
  }

  private List<String> command(Campaign campaign, CampaignRun run, int place) {
    int width = threads > 0 ? threads : Math.max(1, run.settings().train().threads());
    List<String> command = new ArrayList<>(cores.pinning(place, width));
    command.addAll(
        Installation.command(List.of("-XX:ErrorFile=" + run.folder().resolve("crash-%p.log"))));
    command.addAll(List.of("sweep", "--out", campaign.folder().toString()));
    command.addAll(List.of("--run-one", Integer.toString(run.index()), "--tied"));
    if (threads > 0) {
      command.addAll(List.of("--threads", Integer.toString(threads)));
    }
    return command;
  }

  /** The next child that ended, or null where none did for a while. */
  private @Nullable Child next() {
    try {
      Integer place = ended.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
      synchronized (this) {
        return place == null ? null : children.remove(place);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
      return null;
    }
  }

  /** Whether an ended child's run is to be started again: it was killed after a step forward. */
  private boolean goesOn(Child child) {
    if (child.process().exitValue() == BUSY) {
      return true;
    }
    progress.ended(child.run());
    return child.run().status() == RunStatus.KILLED && child.run().steps() > child.steps();
  }

  @Override
  public synchronized void stop() {
    stopped = true;
    children.values().forEach(child -> child.process().destroy());
  }
}
