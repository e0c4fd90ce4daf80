package mpdp.plan;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.Recorder;
import mpdp.backend.op.Copy;
import mpdp.backend.op.Fill;
import mpdp.nn.Scratch;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/**
 * The mean return of action sequences over the elites, and its gradient by the actions:
 *
 * <pre>J(c) = mean_e [ sum_{h &lt; H} g^h r_{e,h} + g^H min_j Q_j(s_{e,H}, pi(s_{e,H})) ]</pre>
 *
 * cut off at a terminal state. {@link #backward} leaves the gradient of -mean J over candidates.
 */
final class EliteRollout {
  private final PlanModel model;
  private final int rows;
  private final int candidates;
  private final Buffer observation;
  private final Buffer sequence;
  private final Buffer start;
  private final PlanEnd end;
  private final Scratch scratch;
  private final Buffer zeros;
  private final Buffer inputGradient;
  private final Buffer[] stateGradients = new Buffer[2];
  private final List<EliteStep> steps = new ArrayList<>();

  /**
   * @param observation (states): where all start
   * @param sequence (horizon, candidates, actions)
   */
  EliteRollout(
      TensorArena arena,
      PlanModel model,
      EliteWeights weights,
      int candidates,
      int horizon,
      Buffer observation,
      Buffer sequence) {
    this.model = model;
    this.candidates = candidates;
    this.rows = candidates * model.dynamics().eliteCount();
    this.observation = observation;
    this.sequence = sequence;
    this.scratch = new Scratch(arena);
    long words = (long) rows * model.states();
    this.start = arena.allocate(words);
    Buffer state = start;
    for (int h = 0; h < horizon; h++) {
      Buffer next = arena.allocate(words);
      steps.add(new EliteStep(arena, model, weights, candidates, state, next));
      state = next;
    }
    this.end = PlanEnd.of(arena, model, rows, state, true, EliteStep.SITES * horizon);
    this.zeros = arena.allocate(words);
    this.inputGradient = arena.allocate((long) rows * (model.states() + model.actions()));
    this.stateGradients[0] = arena.allocate(words);
    this.stateGradients[1] = arena.allocate(words);
  }

  /** (elites, candidates): the return of each rollout, after {@link #forward}. */
  Buffer objective() {
    return end.objective();
  }

  /** (elites, candidates): g^H where the rollout lives to the end, else 0. */
  Buffer weight() {
    return end.ends().weight();
  }

  /** Puts every row where plans start; needed once for any number of forward passes. */
  void start(Recorder recorder) {
    int states = model.states();
    for (int row = 0; row < rows; row++) {
      recorder.add(new Copy(states, observation, start.slice((long) row * states, states)));
    }
  }

  private Buffer step(Buffer sequences, int h) {
    long words = (long) candidates * model.actions();
    return sequences.slice(h * words, words);
  }

  void forward(Recorder recorder, Buffer random) {
    end.begin(recorder);
    recorder.add(new Fill(rows, 1, end.ends().weight()));
    for (int h = 0; h < steps.size(); h++) {
      steps.get(h).forward(recorder, step(sequence, h), end, random, EliteStep.SITES * h);
    }
    end.finish(recorder, random);
  }

  /**
   * @param gradient (horizon, candidates, actions), overwritten
   */
  void backward(Recorder recorder, Buffer gradient) {
    Buffer next = zeros;
    if (end.tail() != null) {
      end.tail().backward(recorder, scratch, null);
      next = end.tail().stateGradient();
    }
    for (int h = steps.size() - 1; h >= 0; h--) {
      Buffer state = stateGradients[h % 2];
      steps.get(h).backward(recorder, next, scratch, inputGradient, state, step(gradient, h));
      next = state;
    }
  }
}
