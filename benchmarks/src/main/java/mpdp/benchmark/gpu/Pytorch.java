package mpdp.benchmark.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mpdp.MpdpException;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch as it is on this machine, and cuBLAS, which comes with it. Asked when somebody needs it:
 * importing PyTorch takes seconds.
 */
final class Pytorch {
  /** As long as the first import on a slow disk may take. */
  private static final Duration LIMIT = Duration.ofSeconds(40);

  /** Says the version, and which files it loaded once it has multiplied. */
  private static final String QUESTION =
      """
      import torch
      print("torch", torch.__version__, flush=True)
      torch.ones(2, 2, device="cuda") @ torch.ones(2, 2, device="cuda")
      print(open("/proc/self/maps").read())
      """;

  private static final Pattern CUBLAS = Pattern.compile("/\\S*libcublas\\.so\\.1[23][.\\d]*");

  private final Supplier<String> question;
  private final String folders;
  private @Nullable String answer;

  /**
   * @param question asked once: its answer begins with torch and a version where that works, and
   *     names the libraries that were loaded
   * @param folders of libraries, separated by colons
   */
  Pytorch(Supplier<String> question, String folders) {
    this.question = question;
    this.folders = folders;
  }

  /**
   * That of this machine.
   *
   * @param log where its answer goes
   * @param environment that it is asked in
   */
  static Pytorch here(Path log, Map<String, String> environment) {
    return new Pytorch(
        () -> ask(log, environment), environment.getOrDefault(Bundle.LIBRARY_PATH, ""));
  }

  /** The Python that is asked for PyTorch. */
  static String python() {
    String named = System.getenv("MPDP_PYTHON");
    return named == null ? "python3" : named;
  }

  /** Whether it can be imported. */
  boolean works() {
    return answer().startsWith("torch ");
  }

  /**
   * The file of cuBLAS that it loads, else one in a folder of libraries; null where there is none.
   */
  @Nullable Path cublas() {
    return Stream.concat(
            CUBLAS.matcher(answer()).results().map(MatchResult::group).map(Path::of), nearby())
        .findFirst()
        .orElse(null);
  }

  /** In the folders of LD_LIBRARY_PATH, or where a toolkit puts it. */
  private Stream<Path> nearby() {
    List<Path> found = new ArrayList<>();
    for (String folder : (folders + ":/usr/local/cuda/lib64").split(":")) {
      for (String name : List.of("libcublas.so.13", "libcublas.so.12")) {
        Path file = Path.of(folder, name);
        if (!folder.isEmpty() && Files.exists(file)) {
          found.add(file);
        }
      }
    }
    return found.stream();
  }

  private String answer() {
    if (answer == null) {
      answer = question.get();
    }
    return answer;
  }

  private static String ask(Path log, Map<String, String> environment) {
    ProcessBuilder question = new ProcessBuilder(python(), "-c", QUESTION);
    question.environment().putAll(environment);
    question.redirectErrorStream(true).redirectOutput(log.toFile());
    try {
      LimitedProcess.run(question, LIMIT);
      return Files.readString(log);
    } catch (IOException | MpdpException absent) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
