package mpdp.backend.cuda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;
import mpdp.MpdpException;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.backend.op.FloatProducts;
import mpdp.backend.op.Operation;
import mpdp.tensor.HostArena;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The compiled kernels in the jar are those of {@code cuda/ops}, and fit a GPU. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ShippedKernelsTest {
  private static final List<String> FILES =
      List.of(ShippedKernels.FATBIN, ShippedKernels.PTX, "kernels.json");

  private static final int LAST = Integer.MAX_VALUE;

  @TempDir private static Path folder;
  private static Process build;

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  private static String registers() {
    return text(ShippedKernels.resource("kernels.json"));
  }

  /** On another processor than the other tests, which take as long. */
  @BeforeAll
  static void startTheBuild() throws IOException {
    Path script = Path.of(System.getProperty("mpdp.root"), "cuda", "build");
    build =
        new ProcessBuilder(script.toString(), folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
  }

  @AfterAll
  static void endTheBuild() throws InterruptedException {
    build.destroy();
    build.waitFor();
  }

  @Test
  @Order(LAST)
  void aFreshBuildGivesTheSameBytes() throws IOException, InterruptedException {
    int result = build.waitFor();
    String output = Files.readString(folder.resolve("log"));
    assumeTrue(result == 0 || !output.contains("nvcc 13.0 is needed"), output);
    assertThat(result).as(output).isZero();
    for (String file : FILES) {
      assertThat(content(file, Files.readAllBytes(folder.resolve(file))))
          .as("%s is older than cuda/ops: run cuda/build", file)
          .isEqualTo(content(file, ShippedKernels.resource(file)));
    }
  }

  /** What a file holds: releases of gzip may pack the same text into other bytes. */
  private static byte[] content(String file, byte[] bytes) {
    return file.equals(ShippedKernels.PTX)
        ? ShippedKernels.unpack(new ByteArrayInputStream(bytes))
        : bytes;
  }

  /** RFC 1952: the fourth byte says what else is in the header, the next four are a time. */
  @Test
  void thePackedPtxHasNeitherNameNorTime() {
    byte[] packed = ShippedKernels.resource(ShippedKernels.PTX);
    assertThat(Arrays.copyOfRange(packed, 3, 8)).containsOnly(0);
  }

  @Test
  void aDamagedPtxIsOneClearError() throws IOException {
    byte[] packed = ShippedKernels.resource(ShippedKernels.PTX);
    byte[] flipped = packed.clone();
    flipped[packed.length / 2] ^= 1;
    byte[] half = Arrays.copyOf(packed, packed.length / 2);
    for (byte[] damaged : List.of(flipped, half, new byte[0], "no gzip".getBytes(UTF_8))) {
      assertThatThrownBy(() -> ShippedKernels.unpack(new ByteArrayInputStream(damaged)))
          .isInstanceOf(MpdpException.class)
          .hasMessageMatching(
              "kernels.ptx.gz in this build is damaged \\(.+\\): build mpdp again.*");
    }
  }

  @Test
  void noFileUnpacksIntoMoreThanAnyPtx() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      byte[] block = new byte[1 << 20];
      for (int written = 0; written <= ShippedKernels.MOST_PTX_BYTES; written += block.length) {
        out.write(block);
      }
    }
    ByteArrayInputStream in = new ByteArrayInputStream(packed.toByteArray());
    assertThatThrownBy(() -> ShippedKernels.unpack(in))
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining("more than 64 MiB");
  }

  @Test
  void noKernelSpillsRegisters() {
    Matcher spills = Pattern.compile("\"spill_bytes\": (\\d+)").matcher(registers());
    int kernels = 0;
    while (spills.find()) {
      assertThat(spills.group(1)).as(line(spills)).isEqualTo("0");
      kernels++;
    }
    assertThat(kernels).isPositive();
  }

  private static String line(Matcher match) {
    String json = registers();
    return json.substring(json.lastIndexOf('{', match.start()), json.indexOf('}', match.start()));
  }

  /** Every kernel that a launch names is shipped, with the threads it was declared with. */
  @Test
  void launchesNameShippedKernels() {
    Set<String> launched = new TreeSet<>();
    Map<String, Integer> shipped = shippedThreads();
    for (OpCase opCase : OpCases.all()) {
      try (HostArena arena = new HostArena("launches")) {
        for (KernelLaunch launch : onAllDevices(opCase.make().apply(opCase.memory(arena)))) {
          launched.add(launch.kernel());
          assertThat(shipped.get(launch.kernel()))
              .as("threads of %s", launch.kernel())
              .isEqualTo(launch.threads());
          assertThat(launch.kernel()).matches(opCase.op().id() + ".*|" + Step.CHAIN_KERNEL);
        }
      }
    }
    assertThat(shipped.keySet()).as("kernels, and those that a case launches").isEqualTo(launched);
  }

  /** The kernels of the PTX, with the threads of a block that each was declared with. */
  private static Map<String, Integer> shippedThreads() {
    return Pattern.compile("\\.entry (\\w+)\\([^{]*?\\.maxntid (\\d+)")
        .matcher(text(ShippedKernels.ptx()))
        .results()
        .collect(
            Collectors.toMap(
                match -> match.group(1),
                match -> Integer.valueOf(match.group(2)),
                (one, other) -> one,
                TreeMap::new));
  }

  /** What devices of 227, 163 and 99 KiB launch, large ones and small ones. */
  private static List<KernelLaunch> onAllDevices(Operation operation) {
    List<KernelLaunch> launches = new ArrayList<>();
    for (FloatProducts products : List.of(FloatProducts.WHOLE, FloatProducts.TF32)) {
      for (int kibibytes : new int[] {227, 163, 99}) {
        for (int multiprocessors : new int[] {132, 2}) {
          for (MatrixProvider provider : MatrixProvider.values()) {
            CudaLimits limits =
                new CudaLimits(multiprocessors, 2048, kibibytes * 1024, products, provider);
            launches.addAll(OpLaunches.of(operation, limits).kernels());
          }
          CudaLimits limits = new CudaLimits(multiprocessors, 2048, kibibytes * 1024, products);
          for (Step step : RowChains.of(List.of(operation), limits, 1)) {
            launches.addAll(step.launch().kernels());
          }
        }
      }
    }
    return launches;
  }

  @ParameterizedTest
  @ValueSource(strings = {"sm_80", "sm_90"})
  void thePtxAssembles(String architecture) {
    byte[] source = ShippedKernels.ptx();
    assertThat(text(source)).contains(".version 7.0");
    nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
    assertThat(JNvPTXCompiler.nvPTXCompilerCreate(compiler, source.length, source)).isZero();
    String[] options = {"--gpu-name=" + architecture};
    int result = JNvPTXCompiler.nvPTXCompilerCompile(compiler, options.length, options);
    assertThat(result).as(() -> errors(compiler)).isZero();
    long[] size = new long[1];
    JNvPTXCompiler.nvPTXCompilerGetCompiledProgramSize(compiler, size);
    assertThat(size[0]).isPositive();
    JNvPTXCompiler.nvPTXCompilerDestroy(compiler);
  }

  private static String errors(nvPTXCompilerHandle compiler) {
    long[] size = new long[1];
    JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, size);
    byte[] log = new byte[(int) size[0] + 1];
    JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, log);
    return new String(log, UTF_8);
  }
}
