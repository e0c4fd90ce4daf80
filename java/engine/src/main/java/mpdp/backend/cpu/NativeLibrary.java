package mpdp.backend.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import mpdp.MpdpException;
import org.jspecify.annotations.Nullable;

/**
 * Finds libmpdp_cpu.so among the resources, or where the system property {@value #FILE_PROPERTY}
 * says, and loads it.
 */
final class NativeLibrary {
  static final String FILE_PROPERTY = "mpdp.cpu.library";
  private static final String RESOURCE = "/native/linux-x86_64/libmpdp_cpu.so";

  private static @Nullable SymbolLookup symbols;

  private NativeLibrary() {}

  /**
   * The symbols of the library, which stays loaded.
   *
   * @throws MpdpException if it cannot be loaded
   */
  static synchronized SymbolLookup symbols() {
    if (symbols == null) {
      symbols = load();
    }
    return symbols;
  }

  private static SymbolLookup load() {
    if (!System.getProperty("os.name").equals("Linux")
        || !System.getProperty("os.arch").equals("amd64")) {
      throw new MpdpException(
          "the cpu back end needs Linux on x86-64, this is %s on %s; use --backend reference"
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch")));
    }
    String named = System.getProperty(FILE_PROPERTY, "");
    if (!named.isEmpty()) {
      return loadNamed(Path.of(named));
    }
    URL resource = NativeLibrary.class.getResource(RESOURCE);
    if (resource == null) {
      throw new MpdpException(
          "libmpdp_cpu.so is missing from this build: build again without -Dmpdp.native.skip");
    }
    try {
      return resource.getProtocol().equals("file")
          ? SymbolLookup.libraryLookup(Path.of(resource.toURI()), Arena.global())
          : loadCopy(resource);
    } catch (IOException | URISyntaxException | IllegalArgumentException e) {
      throw new MpdpException("cannot load libmpdp_cpu.so: " + e.getMessage(), e);
    }
  }

  private static SymbolLookup loadNamed(Path file) {
    try {
      return SymbolLookup.libraryLookup(file, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new MpdpException(
          "cannot load %s, which the property %s names".formatted(file, FILE_PROPERTY), e);
    }
  }

  /** Loads from a private copy; once loaded, the file is no longer needed. */
  private static SymbolLookup loadCopy(URL resource) throws IOException {
    Path folder = Files.createTempDirectory("mpdp");
    Path file = folder.resolve("libmpdp_cpu.so");
    try (InputStream in = resource.openStream()) {
      Files.copy(in, file);
      return SymbolLookup.libraryLookup(file, Arena.global());
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(folder);
    }
  }
}
