package mpdp.backend.opencl;

import static org.jocl.CL.clEnqueueNDRangeKernel;
import static org.jocl.CL.clFinish;
import static org.jocl.CL.clReleaseKernel;
import static org.jocl.CL.clSetKernelArg;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import mpdp.MpdpException;
import mpdp.backend.Program;
import mpdp.backend.ProgramGuard;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.Operation;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jspecify.annotations.Nullable;

/**
 * Ops as kernels whose arguments were set when they were recorded. A run enqueues them and waits
 * for the last one: on the CPUs that OpenCL runs on, going on would take their cores.
 */
final class OpenClProgram implements Program {
  private final OpenClBackend backend;
  private final String label;
  private final List<Operation> operations;
  private final Set<OpenClMemory> memory = new LinkedHashSet<>();
  private final ProgramGuard guard;
  private final List<OpenClLaunch> launches = new ArrayList<>();
  private final cl_kernel[] kernels;
  private final long[][] global;
  private final long[][] local;
  private final @Nullable OpenClMemory scratch;
  private boolean closed;

  OpenClProgram(OpenClBackend backend, String label, List<Operation> operations) {
    this.backend = backend;
    this.label = label;
    this.operations = operations;
    List<OpEncoding> encodings = operations.stream().map(OpEncoding::of).toList();
    List<OpenClOpLaunch> opLaunches = new ArrayList<>();
    long words = 0;
    for (int i = 0; i < encodings.size(); i++) {
      check(operations.get(i).op().id(), encodings.get(i));
      OpenClOpLaunch opLaunch = OpenClOpLaunches.of(operations.get(i), backend.matrixKernels());
      opLaunches.add(opLaunch);
      launches.addAll(opLaunch.launches());
      words = Math.max(words, opLaunch.scratchWords());
    }
    guard =
        new ProgramGuard(
            label, memory.stream().<BooleanSupplier>map(arena -> arena::isAlive).toList());
    scratch = words == 0 ? null : new OpenClMemory(backend.open(), label, words);
    kernels = new cl_kernel[launches.size()];
    global = new long[launches.size()][];
    local = new long[launches.size()][];
    try {
      prepare(encodings, opLaunches);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void check(String op, OpEncoding encoding) {
    CallStruct.check(op, encoding);
    for (OpEncoding.Operand operand : encoding.operands()) {
      if (operand.buffer() == null) {
        continue;
      }
      if (!(operand.buffer() instanceof OpenClBuffer buffer
          && buffer.memory().belongsTo(backend.open()))) {
        throw new IllegalArgumentException(
            label + ": operand " + operand.name() + " belongs to another back end");
      }
      memory.add(buffer.memory());
    }
  }

  private void prepare(List<OpEncoding> encodings, List<OpenClOpLaunch> opLaunches) {
    int next = 0;
    for (int i = 0; i < encodings.size(); i++) {
      for (OpenClLaunch launch : opLaunches.get(i).launches()) {
        kernels[next] = backend.kernels().create(launch);
        setArguments(kernels[next], encodings.get(i), launch);
        global[next] = new long[] {launch.groups() * launch.local()};
        local[next++] = new long[] {launch.local()};
      }
    }
  }

  private void setArguments(cl_kernel kernel, OpEncoding encoding, OpenClLaunch launch) {
    int argument = 0;
    for (OpEncoding.Operand operand : encoding.operands()) {
      setMemory(
          kernel,
          argument++,
          operand.buffer() instanceof OpenClBuffer buffer ? buffer.memory() : null);
    }
    setMemory(kernel, argument++, scratch);
    ByteBuffer call = CallStruct.encode(encoding, launch.stage());
    clSetKernelArg(kernel, argument++, call.capacity(), Pointer.to(call));
    if (launch.localWords() > 0) {
      clSetKernelArg(kernel, argument, launch.localWords() * Float.BYTES, null);
    }
  }

  private static void setMemory(cl_kernel kernel, int argument, @Nullable OpenClMemory memory) {
    clSetKernelArg(
        kernel, argument, Sizeof.cl_mem, memory == null ? null : Pointer.to(memory.handle()));
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public List<Operation> operations() {
    return operations;
  }

  @Override
  public void run() {
    guard.check(closed);
    OpenClQueue queue = backend.open();
    int next = 0;
    long start = System.nanoTime();
    try {
      if (backend.profile().wanted()) {
        runProfiled(queue);
        return;
      }
      for (; next < kernels.length; next++) {
        clEnqueueNDRangeKernel(
            queue.handle(), kernels[next], 1, null, global[next], local[next], 0, null, null);
      }
      clFinish(queue.handle());
    } catch (CLException e) {
      String kernel = next < kernels.length ? launches.get(next).kernel() : "its last kernel";
      throw new MpdpException(
          "program %s failed at %s: %s".formatted(label, kernel, e.getMessage()), e);
    } finally {
      backend.busy().since(start);
    }
  }

  private void runProfiled(OpenClQueue queue) {
    cl_event[] events = new cl_event[kernels.length];
    for (int i = 0; i < kernels.length; i++) {
      events[i] = new cl_event();
      clEnqueueNDRangeKernel(
          queue.handle(), kernels[i], 1, null, global[i], local[i], 0, null, events[i]);
    }
    clFinish(queue.handle());
    for (int i = 0; i < kernels.length; i++) {
      backend.profile().add(launches.get(i).kernel(), events[i]);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (cl_kernel kernel : kernels) {
      if (kernel != null) {
        clReleaseKernel(kernel);
      }
    }
    if (scratch != null) {
      scratch.close();
    }
  }
}
