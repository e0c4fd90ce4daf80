package mpdp.backend.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import mpdp.backend.Backend;
import mpdp.backend.Backends;
import mpdp.backend.harness.CaseResult;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the number of threads means on a CPU, and what its threads reach. */
class OpenClThreadsTest {
  private OpenClDevice device;

  @BeforeEach
  void cpu() {
    String detail = OpenClProbe.status().detail();
    assumeTrue(OpenClProbe.status().available(), detail);
    device = OpenClDevice.choose(OpenClProbe.devices(), "");
    assumeTrue(device.type() == OpenClDevice.Type.CPU, "threads are for CPUs");
  }

  @Test
  void threadsAreTheMostComputeUnitsInUse() {
    for (int threads : new int[] {0, 1, device.units(), device.units() + 1}) {
      int used = threads == 0 ? device.units() : Math.min(threads, device.units());
      try (Backend backend = OpenClProbe.open("", threads)) {
        assertThat(backend.device()).contains(", " + used + " used");
        assertThat(((OpenClBackend) backend).matrixKernels().units()).isEqualTo(used);
      }
    }
  }

  @Test
  void anyNumberOfThreadsGivesTheSameBits() {
    assumeTrue(device.units() > 1, "there is one compute unit");
    try (Backend one = OpenClProbe.open("", 1);
        Backend all = OpenClProbe.open("", 0)) {
      for (OpCase opCase : OpCases.all()) {
        CaseResult.of(opCase, one).checkSameBits(CaseResult.of(opCase, all));
      }
    }
  }

  /** One thread cannot be faster than a core; two threads' worth would show. */
  @Test
  void thePeakOfOneThreadIsThatOfOneCore() {
    assumeTrue(
        Backends.probe().stream()
            .anyMatch(status -> status.name().equals("cpu") && status.available()),
        "the cpu back end is what it is compared with");
    try (Backend opencl = OpenClProbe.open("", 1);
        Backend cpu = Backends.open("cpu", 1)) {
      double core = cpu.measurePeak();
      assertThat(opencl.measurePeak()).isFinite().isBetween(core / 4, core * 1.5);
    }
  }
}
