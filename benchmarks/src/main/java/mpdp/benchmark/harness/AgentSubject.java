package mpdp.benchmark.harness;

import java.lang.foreign.MemorySegment;
import mpdp.agent.Agent;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.random.RandomStream;
import mpdp.replay.ReplayBuffer;
import mpdp.settings.Settings;

/** A fresh agent with made-up experience: one of the programs that it recorded is the subject. */
public final class AgentSubject implements Subject {
  private static final int TRANSITIONS = 20_000;

  private final Agent agent;
  private final Program program;

  /**
   * @param label what the agent calls the program: model step, sac update or update
   * @param sets settings that differ from the paper's, each {@code section.key=value}
   */
  public AgentSubject(Backend backend, Shape shape, String label, String... sets) {
    KeptPrograms kept = new KeptPrograms(backend);
    Settings settings =
        Settings.defaults()
            .with(
                "train.replay-capacity=" + TRANSITIONS,
                "train.seed=1",
                "model.width=" + shape.modelWidth(),
                "agent.alpha-learned=true")
            .with(sets);
    agent = Agent.create(kept, settings, shape.endless());
    fill(agent.replay(), shape, new RandomStream(1, 2));
    kept.program("model moments").run();
    program = kept.program(label);
  }

  /** Transitions of a random walk with small steps. */
  private static void fill(ReplayBuffer replay, Shape shape, RandomStream random) {
    float[] state = new float[shape.states()];
    float[] action = new float[shape.actions()];
    float[] next = new float[shape.states()];
    for (int row = 0; row < TRANSITIONS; row++) {
      for (int i = 0; i < state.length; i++) {
        state[i] = (float) random.nextGaussian();
        next[i] = state[i] + 0.1f * (float) random.nextGaussian();
      }
      for (int i = 0; i < action.length; i++) {
        action[i] = (float) (1.8 * random.nextDouble() - 0.9);
      }
      replay.add(
          MemorySegment.ofArray(state),
          MemorySegment.ofArray(action),
          (float) random.nextGaussian(),
          MemorySegment.ofArray(next),
          false);
    }
  }

  @Override
  public Program program() {
    return program;
  }

  @Override
  public void close() {
    agent.close();
  }
}
