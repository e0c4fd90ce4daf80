package mpdp.plan;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.Recorder;
import mpdp.backend.op.Copy;
import mpdp.backend.op.GatherRows;
import mpdp.nn.PolicyNetwork;
import mpdp.nn.PolicyPass;
import mpdp.rollout.RolloutRows;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/** Action sequences that the policy takes in the model, written into the first rows of others. */
final class PolicyProposals {
  private static final int SITES = RoutedStep.SITES + 1;

  private final PlanModel model;
  private final int count;
  private final int horizon;
  private final int candidates;
  private final Buffer observation;
  private final Buffer sequence;
  private final Buffer state;
  private final List<PolicyPass> policies = new ArrayList<>();
  private final RoutedStep step;

  /**
   * @param count trajectories
   * @param observation (states): where all start
   * @param sequence (horizon, candidates, actions): its rows 0 .. count - 1 are written
   */
  PolicyProposals(
      TensorArena arena,
      PlanModel model,
      PolicyNetwork policy,
      int count,
      int horizon,
      int candidates,
      Buffer observation,
      Buffer sequence) {
    this.model = model;
    this.count = count;
    this.horizon = horizon;
    this.candidates = candidates;
    this.observation = observation;
    this.sequence = sequence;
    this.state = arena.allocate((long) count * model.states());
    for (int h = 0; h < horizon; h++) {
      policies.add(PolicyPass.inference(arena, policy, 0, count, SITES * h, false));
    }
    this.step = new RoutedStep(arena, model.dynamics(), count, count, true, null);
  }

  void record(Recorder recorder, Buffer random) {
    int states = model.states();
    for (int k = 0; k < count; k++) {
      recorder.add(new Copy(states, observation, state.slice((long) k * states, states)));
    }
    long words = (long) count * model.actions();
    for (int h = 0; h < horizon; h++) {
      PolicyPass policy = policies.get(h);
      policy.forward(recorder, state, random);
      long at = (long) h * candidates * model.actions();
      recorder.add(new Copy(words, policy.action(), sequence.slice(at, words)));
      if (h < horizon - 1) {
        step.record(
            recorder, RolloutRows.all(count), state, false, policy.action(), random, SITES * h + 1);
        recorder.add(new GatherRows(count, states, true, step.next(), step.order(), null, state));
      }
    }
  }
}
