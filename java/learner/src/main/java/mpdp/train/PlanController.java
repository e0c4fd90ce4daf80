package mpdp.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import mpdp.plan.Planner;

/** Episodes that take turns on one planner, each going on from its own last plan. */
final class PlanController implements Controller {
  private final Planner planner;
  private final float[][] memories;
  private final float[] observation;
  private final float[] action;

  PlanController(Planner planner, int episodes) {
    this.planner = planner;
    this.memories = new float[episodes][planner.memorySize()];
    this.observation = new float[planner.observationSize()];
    this.action = new float[planner.actionSize()];
  }

  @Override
  public long act(MemorySegment observations, MemorySegment actions, boolean[] ended) {
    long chosen = 0;
    for (int i = 0; i < ended.length; i++) {
      if (!ended[i]) {
        act(i, observations, actions);
        chosen++;
      }
    }
    return chosen;
  }

  private void act(int i, MemorySegment observations, MemorySegment actions) {
    long from = 4L * i * observation.length;
    MemorySegment.copy(
        observations, ValueLayout.JAVA_FLOAT, from, observation, 0, observation.length);
    planner.restore(memories[i]);
    planner.plan(observation, action);
    planner.save(memories[i]);
    long to = 4L * i * action.length;
    MemorySegment.copy(action, 0, actions, ValueLayout.JAVA_FLOAT, to, action.length);
  }
}
