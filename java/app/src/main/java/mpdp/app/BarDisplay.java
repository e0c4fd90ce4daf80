package mpdp.app;

import java.time.Duration;
import java.util.Locale;
import java.util.SequencedMap;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar with the time left, on stderr. */
final class BarDisplay implements Display {
  private final String name;
  private final long steps;
  private @Nullable ProgressBar bar;

  BarDisplay(String name, long steps) {
    this.name = name;
    this.steps = steps;
  }

  @Override
  public void start(long firstStep) {
    bar =
        new ProgressBarBuilder()
            .setTaskName(name)
            .setInitialMax(steps)
            .startsFrom(firstStep, Duration.ZERO)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(500)
            .showSpeed()
            .build();
  }

  @Override
  public void progress(long environmentSteps) {
    if (bar != null) {
      bar.stepTo(environmentSteps);
    }
  }

  @Override
  public void row(long environmentSteps, SequencedMap<String, Double> metrics) {
    progress(environmentSteps);
    double score = metrics.getOrDefault("train_return", Double.NaN);
    if (bar != null && Double.isFinite(score)) {
      bar.setExtraMessage(String.format(Locale.ROOT, "return %.1f", score));
    }
  }

  /** Wipes the bar's line; the bar draws itself again below. */
  @Override
  public void interrupt() {
    if (bar != null) {
      System.err.print("\r\u001b[2K");
      System.err.flush();
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
