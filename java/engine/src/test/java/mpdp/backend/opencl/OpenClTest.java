package mpdp.backend.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.harness.CaseResult;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.backend.op.Fill;
import mpdp.backend.op.Op;
import mpdp.backend.op.Operation;
import mpdp.backend.op.RolloutAdvanceBackward;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the tests of all back ends do not ask of this one. */
class OpenClTest {
  @BeforeEach
  void platform() {
    String detail = OpenClProbe.status().detail();
    assumeTrue(OpenClProbe.status().available(), detail);
  }

  @Test
  void everyOpRunsTheKernelsOfASourceOfItsName() {
    try (Backend backend = OpenClProbe.open("", 0);
        TensorArena arena = backend.arena("table")) {
      MatrixKernels kernels = ((OpenClBackend) backend).matrixKernels();
      for (Op op : Op.values()) {
        OpCase opCase = OpCases.of(op).getFirst();
        Operation operation = opCase.make().apply(opCase.memory(arena));
        assertThat(OpenClOpLaunches.of(operation, kernels).launches())
            .as(op.id())
            .isNotEmpty()
            .allSatisfy(launch -> assertThat(launch.source()).startsWith(op.id()))
            .allSatisfy(launch -> assertThat(launch.groups()).isPositive());
      }
    }
  }

  /** Bits must not depend on which of a family's kernels the measurement chose. */
  @Test
  void registerBlocksOfAnyHeightGiveTheSameBits() {
    OpenClDevice device = OpenClDevice.choose(OpenClProbe.devices(), "");
    try (Backend six = new OpenClBackend(device, MatrixKernels.Variant.PANEL_6, 0);
        Backend twelve = new OpenClBackend(device, MatrixKernels.Variant.PANEL_12, 0)) {
      for (Op op : List.of(Op.MLP_FORWARD, Op.MLP_BACKWARD)) {
        for (OpCase opCase : OpCases.of(op)) {
          CaseResult.of(opCase, six).checkSameBits(CaseResult.of(opCase, twelve));
        }
      }
    }
  }

  @Test
  void everyOpGivesTheSameBitsAgain() {
    try (Backend backend = OpenClProbe.open("", 0)) {
      for (OpCase opCase : OpCases.all()) {
        if (!opCase.real()) {
          continue;
        }
        CaseResult.of(opCase, backend).checkSameBits(CaseResult.of(opCase, backend));
      }
    }
  }

  @Test
  void absentOperandsAreNullInTheKernel() {
    try (Backend backend = OpenClProbe.open("", 0);
        TensorArena arena = backend.arena("absent")) {
      Buffer child = arena.allocate(2);
      child.write(0, 0);
      Buffer tail = arena.allocate(2);
      tail.write(3f, 4f);
      Buffer dNext = arena.allocate(2);
      backend.run(new RolloutAdvanceBackward(2, 2, 1, child, null, null, tail, null, dNext));
      assertThat(dNext.floats()).containsExactly(3, 4);
    }
  }

  @Test
  void hostCopiesLargerThanTheStagingMemoryArriveWhole() {
    float[] values = new float[600_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    try (Backend backend = OpenClProbe.open("", 0);
        TensorArena arena = backend.arena("copies")) {
      Buffer whole = arena.allocate(values.length + 2);
      Buffer part = whole.slice(1, values.length);
      part.write(values);
      assertThat(part.floats()).isEqualTo(values);
      assertThat(whole.get(0)).isZero();
      assertThat(whole.get(values.length + 1)).isZero();
    }
  }

  @Test
  void memoryOfAClosedArenaIsRefused() {
    try (Backend backend = OpenClProbe.open("", 0)) {
      TensorArena arena = backend.arena("closed");
      Buffer target = arena.allocate(1);
      try (Program program = backend.record("fill", r -> r.add(new Fill(1, 2, target)))) {
        arena.close();
        assertThatThrownBy(program::run)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("program fill uses memory of a closed arena");
        assertThatThrownBy(target::floats).isInstanceOf(IllegalStateException.class);
      }
    }
  }

  @Test
  void memoryOfAnotherOpenClContextIsRefused() {
    try (Backend one = OpenClProbe.open("", 0);
        Backend other = OpenClProbe.open("", 0);
        TensorArena arena = other.arena("other")) {
      Buffer target = arena.allocate(1);
      assertThatThrownBy(() -> one.record("fill", r -> r.add(new Fill(1, 2, target))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another back end");
    }
  }

  @Test
  void moreMemoryThanThereIsNamesWhatItWasFor() {
    try (Backend backend = OpenClProbe.open("", 0);
        TensorArena arena = backend.arena("the replay ring")) {
      assertThatThrownBy(() -> arena.allocate(1L << 45))
          .isInstanceOf(MpdpException.class)
          .hasMessageContaining("out of memory: the replay ring")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void devicesAreChosenByNumberOrPartOfTheName() {
    OpenClDevice cpu = device(0, "pthread-One", OpenClDevice.Type.CPU);
    OpenClDevice gpu = device(1, "Two", OpenClDevice.Type.GPU);
    List<OpenClDevice> devices = List.of(cpu, gpu);
    assertThat(OpenClDevice.choose(devices, "")).isEqualTo(gpu);
    assertThat(OpenClDevice.choose(List.of(cpu), "")).isEqualTo(cpu);
    assertThat(OpenClDevice.choose(devices, "0")).isEqualTo(cpu);
    assertThat(OpenClDevice.choose(devices, "ONE")).isEqualTo(cpu);
    for (String wrong : new String[] {"2", "o", "three"}) {
      assertThatThrownBy(() -> OpenClDevice.choose(devices, wrong))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("OpenCL device " + wrong)
          .hasMessageContaining("0 (pthread-One), 1 (Two)");
    }
  }

  private static OpenClDevice device(int index, String name, OpenClDevice.Type type) {
    return new OpenClDevice(index, "P", name, "OpenCL 1.2", "1", type, 2, 1 << 15, 256, List.of());
  }

  @Test
  void aBuildLogIsTrimmedToFileAndLine() {
    RuntimeException failure = new RuntimeException("CL_BUILD_PROGRAM_FAILURE");
    for (String log :
        List.of(
            "1 warning\nerror: adam.cl:12:3: no such thing\nmore",
            "adam.cl:12:3: error: no such thing\n  float x\n  ^")) {
      assertThat(Kernels.trimmed(log, failure)).isEqualTo("adam.cl line 12: no such thing");
    }
    assertThat(Kernels.trimmed("", failure)).isEqualTo("CL_BUILD_PROGRAM_FAILURE");
  }

  @Test
  void aRunAllocatesNothingPerOp() {
    var threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    try (Backend backend = OpenClProbe.open("", 0);
        TensorArena arena = backend.arena("allocation")) {
      Buffer target = arena.allocate(16);
      List<Operation> operations = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        operations.add(new Fill(16, i, target));
      }
      try (Program program = backend.record("fills", r -> operations.forEach(r::add))) {
        long[] allocated = new long[50];
        for (int i = 0; i < allocated.length; i++) {
          long before = threads.getCurrentThreadAllocatedBytes();
          program.run();
          allocated[i] = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(Arrays.stream(allocated).min().orElseThrow()).isLessThan(1000);
      }
    }
  }
}
