package mpdp.backend.harness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import mpdp.MpdpException;
import mpdp.backend.Backend;
import mpdp.backend.BackendStatus;
import mpdp.backend.Backends;
import mpdp.backend.cpu.CpuBackend;
import mpdp.backend.cuda.Emulator;
import mpdp.backend.op.FloatProducts;

/** Back ends that tests compare with the reference. */
public final class TestBackends {
  /** Back ends whose absence is a failure, separated by commas. */
  private static final List<String> REQUIRED =
      Arrays.asList(System.getProperty("mpdp.test.require", "").split(","));

  static {
    Emulator.load(REQUIRED);
  }

  /** Of the cpu back end; the wide ones are in its tests' library alone. */
  public static final List<String> INSTRUCTION_SETS =
      List.of(
          "baseline", "avx2", "avx512", "amx", "amx_split", "wide", "wide_amx", "wide_amx_split");

  /** What opencl multiplies matrices with: all of it runs on every device, unless named. */
  private static final List<String> MATRIX_KERNELS =
      Arrays.asList(
          System.getProperty("mpdp.test.opencl.dense", "panel-6,panel-12,tile").split(","));

  private TestBackends() {}

  /** A back end and what to call it in a failure. */
  public record Variant(String label, Backend backend) {
    /**
     * In tolerances: where the last bit of a float decides how its halves are rounded, they change
     * by 2^-17 of it.
     */
    public double looser() {
      return backend.floatProducts() == FloatProducts.SPLIT ? 4 : 1;
    }
  }

  /**
   * Every available back end but the reference, cpu once for each instruction set that this CPU
   * has, opencl once for each kind of matrix kernels; fails if a required one is not available. The
   * caller closes them.
   */
  public static List<Variant> open() {
    List<Variant> variants = new ArrayList<>();
    for (BackendStatus status : Backends.probe()) {
      if (status.available()) {
        add(variants, status.name());
      } else if (REQUIRED.contains(status.name())) {
        throw new AssertionError(
            "required back end %s is not available: %s".formatted(status.name(), status.detail()));
      }
    }
    return variants;
  }

  /** Names of the back ends that can run here, the reference included. */
  public static Stream<String> names() {
    return Backends.probe().stream().filter(BackendStatus::available).map(BackendStatus::name);
  }

  private static void add(List<Variant> variants, String name) {
    if (name.equals("cpu")) {
      for (String isa : INSTRUCTION_SETS) {
        try {
          variants.add(new Variant("cpu " + isa, new CpuBackend(2, isa)));
        } catch (MpdpException e) {
          System.getLogger(TestBackends.class.getName())
              .log(System.Logger.Level.INFO, "cpu {0} is not tested: {1}", isa, e.getMessage());
        }
      }
    } else if (name.equals("opencl")) {
      for (String kernels : MATRIX_KERNELS) {
        System.setProperty("mpdp.opencl.dense", kernels);
        variants.add(new Variant("opencl " + kernels, Backends.open(name, 2)));
        System.clearProperty("mpdp.opencl.dense");
      }
    } else if (!name.equals("reference")) {
      variants.add(new Variant(name, Backends.open(name, 2)));
    }
  }
}
