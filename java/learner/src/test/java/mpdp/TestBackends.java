package mpdp;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import mpdp.backend.BackendStatus;
import mpdp.backend.Backends;

/** The back ends that the learner is tested on. */
public final class TestBackends {
  /**
   * Their bindings are not on the learner's class path: the engine's and the end-to-end tests run
   * them.
   */
  private static final Set<String> ENGINE_ONLY = Set.of("emulator", "opencl");

  private TestBackends() {}

  /**
   * Names of the back ends that can run here, and of those that {@code mpdp.test.require} names
   * (separated by commas): opening one of these fails where it cannot run.
   */
  public static Stream<String> names() {
    Stream<String> required =
        Arrays.stream(System.getProperty("mpdp.test.require", "").split(","))
            .filter(name -> !name.isBlank() && !ENGINE_ONLY.contains(name));
    Stream<String> available =
        Backends.probe().stream().filter(BackendStatus::available).map(BackendStatus::name);
    return Stream.concat(required, available).distinct();
  }
}
