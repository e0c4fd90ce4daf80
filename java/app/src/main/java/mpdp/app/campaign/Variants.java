package mpdp.app.campaign;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import mpdp.UsageException;
import org.jspecify.annotations.Nullable;

/** The {@code [[variant]]} tables: chosen combinations of keys, each with a name. */
final class Variants {
  private static final String NAME = "name";

  private Variants() {}

  /** The keys of each variant by its name; one of no keys and no name where there are none. */
  static SequencedMap<String, SequencedMap<String, Object>> read(
      @Nullable Object tables, Path file) {
    SequencedMap<String, SequencedMap<String, Object>> variants = new LinkedHashMap<>();
    if (tables == null) {
      variants.put("", new LinkedHashMap<>());
      return variants;
    }
    if (!(tables instanceof List<?> list)) {
      throw new UsageException(file + ": variant is no list of tables; write [[variant]]");
    }
    for (Object table : list) {
      if (!(table instanceof Map<?, ?> variant)) {
        throw new UsageException(file + ": variant is no list of tables; write [[variant]]");
      }
      SequencedMap<String, Object> keys = new LinkedHashMap<>();
      variant.forEach((key, value) -> keys.put(key.toString(), value));
      String name = name(keys.remove(NAME), file);
      if (variants.put(name, RunKeys.of(keys, file + " [[variant]] " + name)) != null) {
        throw new UsageException("%s has two variants named %s".formatted(file, name));
      }
    }
    return variants;
  }

  private static String name(@Nullable Object name, Path file) {
    if (name instanceof String text && text.matches("[A-Za-z0-9._+-]{1,40}")) {
      return text;
    }
    throw new UsageException(
        "%s: each [[variant]] needs a name of letters, digits and . _ + -, up to 40 of them, not %s"
            .formatted(file, name));
  }
}
