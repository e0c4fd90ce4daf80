package mpdp.env.mujoco;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Numbers measured elsewhere; a test that needs them is skipped where they are absent. */
final class Reference {
  private Reference() {}

  static JsonNode read(String name) {
    Path file = folder().resolve(name);
    Assumptions.assumeTrue(Files.isReadable(file), "no reference numbers at " + file);
    return JsonMapper.shared().readTree(file.toFile());
  }

  private static Path folder() {
    String named = System.getProperty("mpdp.shared");
    Path shared = named != null ? Path.of(named) : root().resolveSibling("shared");
    return shared.resolve("reference");
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder.getParent() != null
        && !(Files.exists(folder.resolve("pom.xml"))
            && Files.isDirectory(folder.resolve("native")))) {
      folder = folder.getParent();
    }
    return folder;
  }

  static double[] doubles(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asDouble();
    }
    return values;
  }

  /** An array of any depth, row after row. */
  static double[] flat(JsonNode array) {
    DoubleStream.Builder out = DoubleStream.builder();
    flatten(array, out);
    return out.build().toArray();
  }

  private static void flatten(JsonNode node, DoubleStream.Builder out) {
    if (!node.isArray()) {
      out.add(node.asDouble());
      return;
    }
    for (JsonNode child : node) {
      flatten(child, out);
    }
  }
}
