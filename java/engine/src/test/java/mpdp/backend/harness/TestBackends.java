package mpdp.backend.harness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import mpdp.backend.Backend;
import mpdp.backend.BackendStatus;
import mpdp.backend.Backends;

/** Back ends that tests compare with the reference. */
public final class TestBackends {
  /** Back ends whose absence is a failure, separated by commas. */
  private static final List<String> REQUIRED =
      Arrays.asList(System.getProperty("mpdp.test.require", "").split(","));

  private TestBackends() {}

  /** A way to open a back end, and what to call it in a failure. */
  public record Variant(String label, Supplier<Backend> open) {}

  /** Every available back end but the reference; fails if a required one is not available. */
  public static List<Variant> others() {
    List<Variant> variants = new ArrayList<>();
    for (BackendStatus status : Backends.probe()) {
      if (status.available() && !status.name().equals("reference")) {
        variants.add(new Variant(status.name(), () -> Backends.open(status.name(), 2)));
      } else if (!status.available() && REQUIRED.contains(status.name())) {
        throw new AssertionError(
            "required back end %s is not available: %s"
                .formatted(status.name(), status.detail()));
      }
    }
    return variants;
  }
}
