package mpdp.backend.opencl;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jocl.CL;

/**
 * Loads JOCL's native library from a private folder. JOCL unpacks it under a fixed name in
 * java.io.tmpdir and would trust a file of that name which is already there.
 */
final class JoclLibrary {
  private static final String TEMPORARY = "java.io.tmpdir";

  private JoclLibrary() {}

  /** Loads the library and turns OpenCL's error codes into exceptions. */
  static synchronized void load() {
    try {
      Path folder = Files.createTempDirectory("mpdp"); // before the property changes
      String before = System.getProperty(TEMPORARY);
      System.setProperty(TEMPORARY, folder.toString());
      try {
        CL.setExceptionsEnabled(true);
      } finally {
        System.setProperty(TEMPORARY, before);
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Once loaded, the files are no longer needed. */
  private static void delete(Path folder) throws IOException {
    File[] files = folder.toFile().listFiles();
    for (File file : files == null ? new File[0] : files) {
      Files.deleteIfExists(file.toPath());
    }
    Files.deleteIfExists(folder);
  }
}
