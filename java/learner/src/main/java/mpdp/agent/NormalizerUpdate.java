package mpdp.agent;

import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.op.ReplayMoments;
import mpdp.nn.Normalizer;
import mpdp.replay.ReplayBuffer;

/** Sets a normaliser to the means and standard deviations of all experience. */
final class NormalizerUpdate implements AutoCloseable {
  private final Program program;

  /**
   * @param outputs whether state changes and rewards are standardised, too
   */
  NormalizerUpdate(
      Backend backend,
      Normalizer normalizer,
      ReplayBuffer replay,
      int states,
      int actions,
      boolean outputs) {
    program =
        backend.record(
            "model moments",
            recorder ->
                recorder.add(
                    new ReplayMoments(
                        states,
                        actions,
                        outputs,
                        replay.ring(),
                        replay.deviceSize(),
                        normalizer.inputMean(),
                        normalizer.inputInvStd(),
                        normalizer.outputMean(),
                        normalizer.outputScale())));
  }

  void run() {
    program.run();
  }

  @Override
  public void close() {
    program.close();
  }
}
