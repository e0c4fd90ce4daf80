package mpdp.train;

import java.lang.foreign.MemorySegment;
import java.util.function.BiConsumer;

/** Chooses the actions of several episodes that are played side by side. */
@FunctionalInterface
interface Controller {
  /**
   * Acts in every episode that goes on.
   *
   * @param observations float32 (episodes, states)
   * @param actions receives float32 (episodes, actions)
   * @param ended episodes that are over: their actions do not count
   * @return how many actions it chose
   */
  long act(MemorySegment observations, MemorySegment actions, boolean[] ended);

  /** A policy, which acts in all episodes at once. */
  static Controller of(BiConsumer<MemorySegment, MemorySegment> policy) {
    return (observations, actions, ended) -> {
      policy.accept(observations, actions);
      return ended.length;
    };
  }
}
