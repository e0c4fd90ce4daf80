package mpdp;

import java.util.Arrays;
import java.util.stream.Stream;
import mpdp.backend.BackendStatus;
import mpdp.backend.Backends;

/** The back ends that the learner is tested on. */
public final class TestBackends {
  /** The stand-in for a GPU: the engine's tests and the end-to-end tests run on it. */
  private static final String ENGINE_ONLY = "emulator";

  private TestBackends() {}

  /**
   * Names of the back ends that can run here, and of those that {@code mpdp.test.require} names
   * (separated by commas): opening one of these fails where it cannot run.
   */
  public static Stream<String> names() {
    Stream<String> required =
        Arrays.stream(System.getProperty("mpdp.test.require", "").split(","))
            .filter(name -> !name.isBlank() && !name.equals(ENGINE_ONLY));
    Stream<String> available =
        Backends.probe().stream().filter(BackendStatus::available).map(BackendStatus::name);
    return Stream.concat(required, available).distinct();
  }
}
