package mpdp.benchmark.harness;

import java.util.List;
import java.util.stream.Stream;
import mpdp.backend.Backend;
import org.openjdk.jmh.annotations.Param;

/** A program that agents record for their training, of one seed or of several that run as one. */
public abstract class AgentBenchmark extends ProgramBenchmark {
  /** Sizes of the task. */
  @Param({"halfcheetah", "hopper", "ant", "humanoid"})
  public String shape = "halfcheetah";

  /** Seeds side by side, as of {@code train --together}: a step is a step of each. */
  @Param({"1", "2", "4", "8"})
  public int seeds = 1;

  /** What the agent calls the program. */
  protected abstract String label();

  /** Settings that differ from the paper's, each {@code section.key=value}. */
  protected List<String> sets() {
    return List.of();
  }

  @Override
  protected final double units() {
    return seeds;
  }

  @Override
  protected final Subject subject(Backend backend) {
    return SeedsSubject.of(backend, seeds, this::agent);
  }

  private AgentSubject agent(Backend backend, int seed) {
    String[] all =
        Stream.concat(sets().stream(), Stream.of("train.seed=" + seed)).toArray(String[]::new);
    return new AgentSubject(backend, Shape.of(shape), label(), all);
  }
}
