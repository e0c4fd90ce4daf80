package mpdp.agent;

import mpdp.backend.Recorder;
import mpdp.backend.op.TemperatureStep;
import mpdp.settings.AgentSettings;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;

/** The entropy temperature alpha: fixed, or learned towards a target entropy (SAC). */
final class Temperature {
  private final AgentSettings settings;
  private final double targetEntropy;
  private final Buffer state;

  Temperature(TensorArena arena, AgentSettings settings, int actions) {
    this.settings = settings;
    this.targetEntropy =
        Double.isNaN(settings.targetEntropy()) ? -actions : settings.targetEntropy();
    this.state = arena.allocate(TemperatureStep.WORDS);
    float alpha = (float) settings.alpha();
    state.write(alpha, (float) Math.log(Math.max(alpha, Float.MIN_NORMAL)), 0, 0, 0);
  }

  /** alpha, 1 word. */
  Buffer alpha() {
    return state.slice(0, 1);
  }

  /** One step from log-probabilities of fresh actions of pi_0 (rows), when alpha is learned. */
  void step(Recorder recorder, int rows, Buffer logProb) {
    if (settings.alphaLearned()) {
      recorder.add(
          new TemperatureStep(
              rows,
              (float) targetEntropy,
              (float) settings.alphaLearningRate(),
              logProb,
              null,
              state));
    }
  }

  void visit(StateVisitor visitor) {
    visitor.floats("state", state);
  }
}
