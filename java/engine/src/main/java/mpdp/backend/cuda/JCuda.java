package mpdp.backend.cuda;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import jcuda.driver.JCudaDriver;
import mpdp.MpdpException;

/** Loads JCuda's native library, and turns result codes into exceptions. */
final class JCuda {
  private static final String FOLDER = "java.io.tmpdir";

  private static boolean loaded;

  private JCuda() {}

  /**
   * Loads the native library, once. JCuda unpacks it under a fixed name into java.io.tmpdir and
   * trusts a file that is there already, so it gets a private folder for that moment.
   *
   * @throws MpdpException if it cannot be loaded
   */
  static synchronized void load() {
    if (loaded) {
      return;
    }
    String usual = System.getProperty(FOLDER);
    try {
      Path folder = Files.createTempDirectory("mpdp-jcuda");
      System.setProperty(FOLDER, folder.toString());
      try {
        JCudaDriver.setExceptionsEnabled(false);
        loaded = true;
      } finally {
        System.setProperty(FOLDER, usual);
        delete(folder); // a loaded library needs its file no longer
      }
    } catch (IOException | LinkageError e) {
      throw new MpdpException("JCuda does not load: " + e.getMessage(), e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /**
   * Throws unless {@code result} is 0.
   *
   * @param what what was being done, as in "WHAT failed: ..."
   */
  static void check(int result, String what) {
    if (result != 0) {
      throw new MpdpException(what + " failed: " + error(result));
    }
  }

  /** The name and number of a result code. */
  static String error(int result) {
    String[] name = new String[1];
    JCudaDriver.cuGetErrorName(result, name);
    return (name[0] == null ? "CUDA error" : name[0]) + " (" + result + ")";
  }
}
