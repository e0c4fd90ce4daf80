package mpdp.backend.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import org.jocl.CL;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_program;
import org.junit.jupiter.api.Test;

/** A driver that compiles in this process leaves the JVM its signal handlers. */
class SignalChainingTest {
  private static final int SIGBUS = 7;
  private static final int SIGFPE = 8;
  private static final int SIGSEGV = 11;
  private static final long SA_RESETHAND = 0x80000000L;
  private static final long SYS_RT_SIGACTION = 13; // x86-64

  @Test
  void aCompilerDoesNotTakeTheJvmsHandlers() throws Throwable {
    assumeTrue(OpenClProbe.status().available(), OpenClProbe.status().detail());
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "the system call's number");
    String preload = System.getenv().getOrDefault("LD_PRELOAD", "");
    assumeTrue(preload.contains("libjsig"), "started without libjsig");
    assertThat(SignalChaining.active()).isTrue();

    build();
    for (int signal : new int[] {SIGSEGV, SIGBUS, SIGFPE}) {
      long[] action = action(signal);
      assertThat(action[0]).as("handler").isGreaterThan(1); // SIG_DFL, SIG_IGN
      assertThat(action[1] & SA_RESETHAND).as("for one signal only, as LLVM's").isZero();
    }
  }

  /** Builds a program that no cache holds. */
  private static void build() {
    Devices.Handle handle = Devices.handles().getFirst();
    cl_device_id[] device = {handle.device()};
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL.CL_CONTEXT_PLATFORM, handle.platform());
    cl_context context = CL.clCreateContext(properties, 1, device, null, null, null);
    String source = "kernel void k(global int* x) { *x = %d; }".formatted((int) System.nanoTime());
    cl_program program =
        CL.clCreateProgramWithSource(context, 1, new String[] {source}, null, null);
    try {
      CL.clBuildProgram(program, 1, device, null, null, null);
    } finally {
      CL.clReleaseProgram(program);
      CL.clReleaseContext(context);
    }
  }

  /** What the kernel does at a signal, {handler, flags}: no library in between. */
  private static long[] action(int signal) throws Throwable {
    Linker linker = Linker.nativeLinker();
    var syscall =
        linker.downcallHandle(
            linker.defaultLookup().find("syscall").orElseThrow(),
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment action = arena.allocate(32, 8); // struct kernel_sigaction
      long failed =
          (long) syscall.invokeExact(SYS_RT_SIGACTION, signal, MemorySegment.NULL, action, 8L);
      assertThat(failed).isZero();
      return new long[] {action.get(JAVA_LONG, 0), action.get(JAVA_LONG, 8)};
    }
  }
}
