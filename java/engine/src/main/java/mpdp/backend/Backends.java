package mpdp.backend;

import java.util.ArrayList;
import java.util.List;
import mpdp.MpdpException;
import mpdp.Nearest;
import mpdp.UsageException;
import mpdp.backend.cpu.CpuBackend;
import mpdp.backend.cuda.CudaBackend;
import mpdp.backend.reference.ReferenceBackend;

/** Chooses where ops run. */
public final class Backends {
  /** Picks the best back end that is available. */
  public static final String AUTO = "auto";

  private static final System.Logger LOG = System.getLogger(Backends.class.getName());

  /** Best first. */
  private static final List<String> PREFERENCE = List.of("cuda", "cpu", "opencl", "reference");

  private static final String NOT_BUILT = "not built into this version";

  private Backends() {}

  /** Every name that {@link #open} takes. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(List.of(AUTO));
    names.addAll(PREFERENCE);
    return List.copyOf(names);
  }

  /** Every back end, best first, and whether it can run here. */
  public static List<BackendStatus> probe() {
    return PREFERENCE.stream().map(Backends::status).toList();
  }

  /**
   * Opens a back end. A named one never falls back to another.
   *
   * @param name auto, or one of {@link #names}; auto logs what it chose and why not a better one
   * @param threads worker threads, 0 for one per available core; back ends without worker threads
   *     of their own ignore it
   * @throws UsageException if there is no back end of that name, or threads is negative
   * @throws MpdpException if the named back end cannot run here
   */
  public static Backend open(String name, int threads) {
    if (threads < 0) {
      throw new UsageException("threads must be 0 (one per core) or more, not " + threads);
    }
    if (name.equals(AUTO)) {
      return automatic(threads);
    }
    if (!PREFERENCE.contains(name)) {
      throw new UsageException(
          "unknown back end %s; the nearest is %s (all: %s)"
              .formatted(name, Nearest.to(name, names()), String.join(", ", names())));
    }
    BackendStatus status = status(name);
    if (!status.available()) {
      throw new MpdpException(
          "back end %s is not available: %s; choose another one or auto"
              .formatted(name, status.detail()));
    }
    return create(name, threads);
  }

  private static Backend automatic(int threads) {
    List<String> refused = new ArrayList<>();
    for (BackendStatus status : probe()) {
      if (status.automatic()) {
        Backend backend = create(status.name(), threads);
        String why = refused.isEmpty() ? "" : "; not " + String.join(", not ", refused);
        LOG.log(
            System.Logger.Level.INFO,
            "back end {0} ({1}){2}",
            backend.name(),
            backend.device(),
            why);
        return backend;
      }
      refused.add(status.name() + " (" + status.detail() + ")");
    }
    throw new IllegalStateException("the reference back end is always available");
  }

  private static BackendStatus status(String name) {
    return switch (name) {
      case "cuda" -> CudaBackend.status();
      case "cpu" -> cpuStatus();
      case "reference" -> new BackendStatus(name, true, new ReferenceBackend().device());
      default -> new BackendStatus(name, false, NOT_BUILT);
    };
  }

  private static BackendStatus cpuStatus() {
    try (CpuBackend backend = new CpuBackend(1)) {
      return new BackendStatus("cpu", true, backend.instructionSet());
    } catch (MpdpException e) {
      return new BackendStatus("cpu", false, String.valueOf(e.getMessage()));
    }
  }

  private static Backend create(String name, int threads) {
    return switch (name) {
      case "cuda" -> new CudaBackend();
      case "cpu" -> new CpuBackend(threads == 0 ? CpuBackend.defaultThreads() : threads);
      case "reference" -> new ReferenceBackend();
      default -> throw new IllegalStateException(name + " is not available");
    };
  }
}
