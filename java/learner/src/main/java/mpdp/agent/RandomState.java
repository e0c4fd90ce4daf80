package mpdp.agent;

import mpdp.backend.Recorder;
import mpdp.backend.op.Advance;
import mpdp.backend.op.Draws;
import mpdp.tensor.Buffer;
import mpdp.tensor.StateVisitor;
import mpdp.tensor.TensorArena;

/** The device-resident random state of one program, see {@link Draws}. */
final class RandomState {
  private final Buffer words;

  /**
   * @param purpose tells the streams of one seed apart
   */
  RandomState(TensorArena arena, long seed, int purpose) {
    words = arena.allocate(Draws.WORDS);
    words.write((int) seed, (int) (seed >>> 32) ^ (purpose * 0x9E3779B9), 0, 0);
  }

  Buffer words() {
    return words;
  }

  /** Ends a program's run: the next one draws new numbers. */
  void advance(Recorder recorder) {
    recorder.add(new Advance(words));
  }

  void visit(StateVisitor visitor) {
    visitor.integers("random", words);
  }
}
