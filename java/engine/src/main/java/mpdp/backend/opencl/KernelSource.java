package mpdp.backend.opencl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kernel sources among the resources, with what they include put in its place. */
final class KernelSource {
  private static final Pattern INCLUDE = Pattern.compile("#include \"(\\w+\\.clh)\"");
  private static final String ONCE = "#pragma once";

  private KernelSource() {}

  /** {@code opencl/<path>.cl}; compilers report its lines under the names of the files. */
  static String of(String path) {
    StringBuilder text = new StringBuilder();
    int name = path.lastIndexOf('/') + 1;
    append(path.substring(0, name), path.substring(name) + ".cl", text, new HashSet<>());
    return text.toString();
  }

  private static void append(String folder, String file, StringBuilder text, Set<String> seen) {
    if (!seen.add(file)) {
      return;
    }
    text.append("#line 1 \"").append(file).append("\"\n");
    int number = 0;
    for (String line : read(folder + file).split("\n", -1)) {
      number++;
      Matcher include = INCLUDE.matcher(line);
      if (include.matches()) {
        append("", include.group(1), text, seen);
        text.append("#line ").append(number + 1).append(" \"").append(file).append("\"\n");
      } else {
        text.append(line.equals(ONCE) ? "" : line).append('\n');
      }
    }
  }

  private static String read(String path) {
    try (InputStream in = KernelSource.class.getResourceAsStream("/opencl/" + path)) {
      if (in == null) {
        throw new IllegalStateException("opencl/" + path + " is missing from this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
