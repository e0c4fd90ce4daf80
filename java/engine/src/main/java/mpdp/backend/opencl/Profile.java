package mpdp.backend.opencl;

import static org.jocl.CL.CL_PROFILING_COMMAND_END;
import static org.jocl.CL.CL_PROFILING_COMMAND_START;
import static org.jocl.CL.clGetEventProfilingInfo;
import static org.jocl.CL.clReleaseEvent;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_event;

/** Device times by kernel, from events; nothing unless wanted. */
final class Profile {
  private static final System.Logger LOG = System.getLogger(Profile.class.getName());

  private final boolean wanted;
  private final Map<String, Times> kernels = new HashMap<>();

  private static final class Times {
    private long runs;
    private long nanos;
  }

  Profile(boolean wanted) {
    this.wanted = wanted;
  }

  boolean wanted() {
    return wanted;
  }

  /** Adds the time of a finished launch and releases its event. */
  void add(String kernel, cl_event event) {
    Times times = kernels.computeIfAbsent(kernel, name -> new Times());
    times.runs++;
    times.nanos += at(event, CL_PROFILING_COMMAND_END) - at(event, CL_PROFILING_COMMAND_START);
    clReleaseEvent(event);
  }

  private static long at(cl_event event, int what) {
    long[] nanos = new long[1];
    clGetEventProfilingInfo(event, what, Sizeof.cl_ulong, Pointer.to(nanos), null);
    return nanos[0];
  }

  /** Logs one line per kernel, the slowest first. */
  void log() {
    kernels.entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> -entry.getValue().nanos))
        .forEach(
            entry ->
                LOG.log(
                    System.Logger.Level.INFO,
                    "%10.3f ms in %8d launches of %s"
                        .formatted(
                            entry.getValue().nanos / 1e6, entry.getValue().runs, entry.getKey())));
  }
}
