package mpdp.benchmark.gate;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import mpdp.MpdpException;

/**
 * One version of the product in a class loader of its own, with its own native library. The
 * benchmarks are the working tree's on both sides.
 */
final class Side implements AutoCloseable {
  private static final String BENCHMARKS = "mpdp-benchmarks-";

  private final URLClassLoader loader;

  /** A benchmark that is open on this side: see {@link Worker}. */
  record Open(Runnable step, Function<String, Object> facts, AutoCloseable handle)
      implements AutoCloseable {
    @Override
    public void close() {
      try {
        handle.close();
      } catch (Exception e) {
        throw new MpdpException("cannot end a benchmark: " + e.getMessage(), e);
      }
    }
  }

  /**
   * @param image folder of the version's jars
   * @param tools folder of the benchmarks' jars and everything they need
   */
  Side(Path image, Path tools) {
    List<URL> jars = new ArrayList<>();
    List<String> product = new ArrayList<>();
    for (Path jar : jars(image)) {
      String name = jar.getFileName().toString();
      if (name.startsWith("mpdp-") && !name.startsWith(BENCHMARKS)) {
        jars.add(url(jar));
        product.add(name);
      }
    }
    for (Path jar : jars(tools)) {
      if (!product.contains(jar.getFileName().toString())) {
        jars.add(url(jar));
      }
    }
    loader = new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static List<Path> jars(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new MpdpException("cannot read the jars in " + folder + ": " + e.getMessage(), e);
    }
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(jar.toString(), e);
    }
  }

  /**
   * Opens a benchmark, which checks its answer.
   *
   * @throws MpdpException if this version cannot run it, or its answer is wrong
   */
  @SuppressWarnings("unchecked") // a Worker of another class loader
  Open open(String type, Map<String, String> parameters) {
    try {
      Object worker =
          loader
              .loadClass(Worker.class.getName())
              .getConstructor(String.class, Map.class)
              .newInstance(type, parameters);
      return new Open((Runnable) worker, (Function<String, Object>) worker, (AutoCloseable) worker);
    } catch (InvocationTargetException e) {
      throw new MpdpException(String.valueOf(e.getCause()), e);
    } catch (ReflectiveOperationException e) {
      throw new MpdpException(e.toString(), e);
    }
  }

  /** Copies the cpu back end's library to {@code file}. */
  void nativeLibrary(Path file) throws IOException {
    try (var in = loader.getResourceAsStream("native/linux-x86_64/libmpdp_cpu.so")) {
      if (in == null) {
        throw new MpdpException("this version was built without the cpu back end");
      }
      Files.copy(in, file);
    }
  }

  @Override
  public void close() {
    try {
      loader.close();
    } catch (IOException e) {
      throw new MpdpException("cannot close the jars: " + e.getMessage(), e);
    }
  }
}
