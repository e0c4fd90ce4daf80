package mpdp.benchmark.gpu;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mpdp.MpdpException;
import mpdp.app.run.RunFiles;
import org.jspecify.annotations.Nullable;

/**
 * The folder that benchmarks/gpu/bundle made: a Java runtime, the jars, tests, comparators, MuJoCo
 * and two programs in CUDA; and the commands that start them.
 *
 * @param folder where it was unpacked
 * @param backend what is checked
 * @param flags more flags for every JVM
 */
record Bundle(Path folder, String backend, List<String> flags) {
  /** The environment variable in which the loader of libraries looks for folders. */
  static final String LIBRARY_PATH = "LD_LIBRARY_PATH";

  /** Of the engine's tests alone: the program brings a logger of its own. */
  private static final List<String> TESTED = List.of("mpdp-engine", "jcuda", "jspecify");

  /** The commit that it was made of. */
  String commit() {
    try {
      return Files.readString(folder.resolve("commit")).strip();
    } catch (IOException e) {
      throw new MpdpException(
          "%s is no bundle: %s; make one with benchmarks/gpu/bundle"
              .formatted(folder, RunFiles.reason(e)),
          e);
    }
  }

  /** A command line of the program, as {@code ./mpdp} runs it. */
  List<String> app(String... arguments) {
    return appWith(List.of(), arguments);
  }

  /** The same with more flags for its JVM. */
  List<String> appWith(List<String> options, String... arguments) {
    return java(options, folder.resolve("jars") + "/*", "mpdp.app.Main", List.of(arguments));
  }

  /** A command line of a class of this package. */
  List<String> own(Class<?> main, String... arguments) {
    return java(List.of(), folder.resolve("jars") + "/*", main.getName(), List.of(arguments));
  }

  /** A command line of a class among the engine's tests. */
  List<String> tests(List<String> options, String main, String... arguments) {
    List<String> classPath = new ArrayList<>();
    try (Stream<Path> jars = Files.list(folder.resolve("jars"))) {
      jars.filter(jar -> TESTED.stream().anyMatch(jar.getFileName().toString()::startsWith))
          .sorted()
          .forEach(jar -> classPath.add(jar.toString()));
    } catch (IOException e) {
      throw new MpdpException("cannot list the jars: " + RunFiles.reason(e), e);
    }
    classPath.add(folder.resolve("test-jars") + "/*");
    return java(options, String.join(File.pathSeparator, classPath), main, List.of(arguments));
  }

  private List<String> java(
      List<String> options, String classPath, String main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-Djava.awt.headless=true",
            "-Dmpdp.test.require=" + backend,
            "-Dmpdp.peers=" + peers()));
    command.addAll(flags);
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(arguments);
    return command;
  }

  /** The scripts in PyTorch. */
  Path peers() {
    return folder.resolve("peers");
  }

  /** A program of the bundle; copying may have lost its permission to run. */
  Path program(String name) {
    Path program = folder.resolve(name);
    if (!program.toFile().canExecute()) {
      // Where this fails, starting it fails with a message of its own.
      program.toFile().setExecutable(true);
    }
    return program;
  }

  /** Whether MuJoCo came along. */
  boolean hasMujoco() {
    String[] libraries = folder.resolve("lib").toFile().list();
    return libraries != null && Arrays.stream(libraries).anyMatch(l -> l.startsWith("libmujoco"));
  }

  /**
   * What every command gets: MuJoCo's libraries, and a place where what PyTorch compiles is kept.
   */
  Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put(LIBRARY_PATH, before(folder.resolve("lib"), System.getenv(LIBRARY_PATH)));
    Path cache = Path.of(System.getProperty("user.home"), ".cache", "mpdp");
    environment.put("TORCHINDUCTOR_CACHE_DIR", cache.resolve("inductor").toString());
    environment.put("TRITON_CACHE_DIR", cache.resolve("triton").toString());
    return environment;
  }

  /** A search path with {@code first} before what {@code others} has. */
  static String before(Path first, @Nullable String others) {
    return others == null || others.isEmpty() ? first.toString() : first + ":" + others;
  }
}
