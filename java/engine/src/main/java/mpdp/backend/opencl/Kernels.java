package mpdp.backend.opencl;

import static org.jocl.CL.CL_PROGRAM_BUILD_LOG;
import static org.jocl.CL.clBuildProgram;
import static org.jocl.CL.clCreateKernel;
import static org.jocl.CL.clCreateProgramWithSource;
import static org.jocl.CL.clGetProgramBuildInfo;
import static org.jocl.CL.clReleaseProgram;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mpdp.MpdpException;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_program;

/** The programs of one context, one per source file, each built when it is first asked for. */
final class Kernels implements AutoCloseable {
  // Warnings (PoCL prints their number): that a header's functions are not all used by every op.
  private static final String STANDARD = "-cl-std=CL1.2 -w";
  private static final Pattern ERROR =
      Pattern.compile("(?:error: )?(\\w+\\.clh?):(\\d+):\\d+: (?:fatal )?(?:error: )?(.*)");

  private final cl_context context;
  private final cl_device_id device;
  private final String deviceName;
  private final MatrixKernels.Variant variant;
  private final Map<String, cl_program> programs = new HashMap<>();

  Kernels(
      cl_context context, cl_device_id device, String deviceName, MatrixKernels.Variant variant) {
    this.context = context;
    this.device = device;
    this.deviceName = deviceName;
    this.variant = variant;
  }

  /** A kernel object of its own for {@code launch}, to be released by the caller. */
  cl_kernel create(OpenClLaunch launch) {
    return create("ops/" + launch.source(), launch.kernel());
  }

  /** As above, for a kernel of {@code opencl/<source>.cl}. */
  cl_kernel create(String source, String kernel) {
    return clCreateKernel(programs.computeIfAbsent(source, this::build), kernel, null);
  }

  private cl_program build(String source) {
    String text = KernelSource.of(source);
    cl_program program = clCreateProgramWithSource(context, 1, new String[] {text}, null, null);
    try {
      clBuildProgram(
          program, 1, new cl_device_id[] {device}, STANDARD + variant.options(), null, null);
      return program;
    } catch (CLException e) {
      String log = log(program);
      clReleaseProgram(program);
      throw new MpdpException(
          "the OpenCL kernels of %s do not build on %s: %s"
              .formatted(source, deviceName, trimmed(log, e)),
          e);
    }
  }

  private String log(cl_program program) {
    long[] size = new long[1];
    clGetProgramBuildInfo(program, device, CL_PROGRAM_BUILD_LOG, 0, null, size);
    byte[] bytes = new byte[(int) size[0]];
    clGetProgramBuildInfo(
        program, device, CL_PROGRAM_BUILD_LOG, bytes.length, Pointer.to(bytes), null);
    return new String(bytes, StandardCharsets.UTF_8).replace("\0", "").strip();
  }

  /** The log's first error with its file and line, else its first line, else the error's name. */
  static String trimmed(String log, Exception e) {
    Matcher error = ERROR.matcher(log);
    if (error.find()) {
      return "%s line %s: %s".formatted(error.group(1), error.group(2), error.group(3));
    }
    String first = log.lines().map(String::strip).limit(1).collect(Collectors.joining());
    return first.isEmpty() ? String.valueOf(e.getMessage()) : first;
  }

  @Override
  public void close() {
    programs.values().forEach(org.jocl.CL::clReleaseProgram);
    programs.clear();
  }
}
