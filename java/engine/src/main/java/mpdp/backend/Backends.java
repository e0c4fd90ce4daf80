package mpdp.backend;

import java.util.ArrayList;
import java.util.List;
import mpdp.MpdpException;
import mpdp.Nearest;
import mpdp.UsageException;
import mpdp.backend.cpu.CpuBackend;
import mpdp.backend.cuda.CudaBackend;
import mpdp.backend.opencl.OpenClProbe;
import mpdp.backend.reference.ReferenceBackend;

/** Chooses where ops run. */
public final class Backends {
  /** Picks the best back end that is available. */
  public static final String AUTO = "auto";

  private static final System.Logger LOG = System.getLogger(Backends.class.getName());

  /** Best first. */
  private static final List<String> PREFERENCE = List.of("cuda", "cpu", "opencl", "reference");

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
   * @param threads worker threads, 0 for one per available core; on a CPU, opencl takes at most as
   *     many of its compute units; back ends without worker threads of their own ignore it
   * @throws UsageException if there is no back end of that name, or threads is negative
   * @throws MpdpException if the named back end cannot run here
   */
  public static Backend open(String name, int threads) {
    return open(name, "", threads);
  }

  /**
   * As {@link #open(String, int)}, on a device of the back end.
   *
   * @param device what the back end calls the device (opencl: its number or a part of its name), ""
   *     for the one that it chooses; back ends with one device ignore it
   */
  public static Backend open(String name, String device, int threads) {
    if (threads < 0) {
      throw new UsageException("threads must be 0 (one per core) or more, not " + threads);
    }
    if (name.equals(AUTO)) {
      return automatic(device, threads);
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
    return create(name, device, threads);
  }

  private static Backend automatic(String device, int threads) {
    List<String> refused = new ArrayList<>();
    for (String name : PREFERENCE) { // asks no worse one: looking for devices takes time
      BackendStatus status = status(name);
      if (status.automatic()) {
        Backend backend = create(status.name(), device, threads);
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
      case "opencl" -> OpenClProbe.status();
      case "reference" -> new BackendStatus(name, true, new ReferenceBackend().device());
      default -> throw new IllegalStateException(name + " is no back end");
    };
  }

  private static BackendStatus cpuStatus() {
    try (CpuBackend backend = new CpuBackend(1)) {
      return new BackendStatus("cpu", true, backend.instructionSet());
    } catch (MpdpException e) {
      return new BackendStatus("cpu", false, String.valueOf(e.getMessage()));
    }
  }

  private static Backend create(String name, String device, int threads) {
    return switch (name) {
      case "cuda" -> new CudaBackend();
      case "cpu" -> new CpuBackend(threads == 0 ? CpuBackend.defaultThreads() : threads);
      case "opencl" -> OpenClProbe.open(device, threads);
      case "reference" -> new ReferenceBackend();
      default -> throw new IllegalStateException(name + " is not available");
    };
  }
}
