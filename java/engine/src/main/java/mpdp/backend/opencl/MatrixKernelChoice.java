package mpdp.backend.opencl;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import mpdp.UsageException;
import mpdp.backend.Program;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.RowMode;
import mpdp.tensor.TensorArena;

/**
 * Which matrix kernels a device runs: its type says which ones make sense; where that leaves
 * several, the first use on a device measures them and writes the rates to a file in the user's
 * cache folder. {@value #PROPERTY} names one instead. The choice changes no result by a bit.
 */
final class MatrixKernelChoice {
  /** Names the kernels to use: panel-6, panel-12 or tile. */
  static final String PROPERTY = "mpdp.opencl.dense";

  private static final System.Logger LOG = System.getLogger(MatrixKernelChoice.class.getName());
  private static final MlpShape SHAPE =
      new MlpShape(4, 128, 128, 2, 128, MlpShape.Activation.RELU, false);
  private static final int ROWS = 192;
  private static final int TRIALS = 15;

  private MatrixKernelChoice() {}

  /** The variant to use on {@code device}, measured now if need be. */
  static MatrixKernels.Variant of(OpenClDevice device) {
    String forced = System.getProperty(PROPERTY, "");
    if (!forced.isEmpty()) {
      return named(forced);
    }
    List<MatrixKernels.Variant> candidates = MatrixKernels.Variant.of(device.type());
    if (candidates.size() == 1) {
      return candidates.getFirst();
    }
    Map<MatrixKernels.Variant, Double> rates = known(device);
    if (!rates.keySet().containsAll(candidates)) {
      rates = measure(device, candidates);
      remember(device, rates);
    }
    return rates.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }

  /** The choice and what the measurement said, in words. */
  static String report(OpenClDevice device) {
    List<MatrixKernels.Variant> candidates = MatrixKernels.Variant.of(device.type());
    Map<MatrixKernels.Variant, Double> rates = known(device);
    if (candidates.size() == 1) {
      return candidates.getFirst().id();
    }
    return rates.isEmpty()
        ? "measured at the first use"
        : rates.entrySet().stream()
            .sorted(Map.Entry.<MatrixKernels.Variant, Double>comparingByValue().reversed())
            .map(rate -> "%s %.0f GFLOP/s".formatted(rate.getKey().id(), rate.getValue()))
            .collect(Collectors.joining(", "));
  }

  private static MatrixKernels.Variant named(String name) {
    for (MatrixKernels.Variant variant : MatrixKernels.Variant.values()) {
      if (variant.id().equals(name)) {
        return variant;
      }
    }
    throw new UsageException(
        "unknown matrix kernels %s: set %s to panel-6, panel-12 or tile".formatted(name, PROPERTY));
  }

  private static Map<MatrixKernels.Variant, Double> measure(
      OpenClDevice device, List<MatrixKernels.Variant> candidates) {
    Map<MatrixKernels.Variant, Double> rates = new LinkedHashMap<>();
    for (MatrixKernels.Variant variant : candidates) {
      rates.put(variant, gigaflops(device, variant));
    }
    return rates;
  }

  /** The best of several runs of a small ensemble: other programs only ever slow one down. */
  private static double gigaflops(OpenClDevice device, MatrixKernels.Variant variant) {
    try (OpenClBackend backend = new OpenClBackend(device, variant, 0);
        TensorArena arena = backend.arena("measurement")) {
      long words = (long) SHAPE.members() * ROWS * SHAPE.inputs();
      MlpForward forward =
          new MlpForward(
              SHAPE,
              ROWS,
              RowMode.PRIVATE,
              0,
              SHAPE.members(),
              arena.allocate(words),
              arena.allocate(SHAPE.parameterWords()),
              null,
              null,
              null,
              arena.allocate(words));
      try (Program program = backend.record("measurement", recorder -> recorder.add(forward))) {
        long best = Long.MAX_VALUE;
        for (int trial = 0; trial < TRIALS; trial++) {
          long start = System.nanoTime();
          program.run();
          best = Math.min(best, System.nanoTime() - start);
        }
        return forward.flops() / best;
      }
    }
  }

  private static Path file() {
    String base = System.getenv("XDG_CACHE_HOME");
    Path folder =
        base == null || base.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(base);
    return folder.resolve("mpdp").resolve("opencl.properties");
  }

  private static Properties read() {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(file())) {
      properties.load(in);
    } catch (IOException | IllegalArgumentException e) {
      LOG.log(System.Logger.Level.DEBUG, "no measurements in {0}", file());
    }
    return properties;
  }

  private static String key(OpenClDevice device, MatrixKernels.Variant variant) {
    return "%s, driver %s, %d units, %s"
        .formatted(device.name(), device.driver(), device.units(), variant.id());
  }

  private static Map<MatrixKernels.Variant, Double> known(OpenClDevice device) {
    Properties properties = read();
    Map<MatrixKernels.Variant, Double> rates = new LinkedHashMap<>();
    for (MatrixKernels.Variant variant : MatrixKernels.Variant.of(device.type())) {
      try {
        rates.put(variant, Double.parseDouble(properties.getProperty(key(device, variant), "")));
      } catch (NumberFormatException e) {
        LOG.log(System.Logger.Level.DEBUG, "{0} is not measured yet", variant.id());
      }
    }
    return rates;
  }

  private static void remember(OpenClDevice device, Map<MatrixKernels.Variant, Double> rates) {
    Properties properties = read();
    rates.forEach((variant, rate) -> properties.setProperty(key(device, variant), rate.toString()));
    try {
      Files.createDirectories(file().getParent());
      try (OutputStream out = Files.newOutputStream(file())) {
        properties.store(out, "Rates of mpdp's OpenCL matrix kernels; may be deleted");
      }
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.INFO,
          "cannot write {0}: the matrix kernels are measured again next time",
          file());
    }
  }
}
