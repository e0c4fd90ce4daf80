package mpdp.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mpdp.MpdpException;
import mpdp.UsageException;

/**
 * The checkpoints of a run: files named by environment steps, of which the latest ones are kept.
 *
 * @param path the folder; it need not exist
 */
public record CheckpointFolder(Path path) {
  private static final int KEPT = 2;
  private static final Pattern NAME = Pattern.compile("step-(\\d{1,18})\\.safetensors");

  /** The checkpoints of a run folder. */
  public static CheckpointFolder of(Path run) {
    return new CheckpointFolder(run.resolve("checkpoints"));
  }

  /**
   * The environment steps in a checkpoint's name.
   *
   * @throws UsageException if it is not named like one
   */
  public static long steps(Path checkpoint) {
    Matcher name = NAME.matcher(checkpoint.getFileName().toString());
    if (!name.matches()) {
      throw new UsageException(checkpoint + " is not named step-NNNNNNNNN.safetensors");
    }
    return Long.parseLong(name.group(1));
  }

  /** The checkpoints, fewest steps first; other files are passed over. */
  public List<Path> list() {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(file -> NAME.matcher(file.getFileName().toString()).matches())
          .sorted(Comparator.comparingLong(CheckpointFolder::steps))
          .toList();
    } catch (IOException e) {
      throw new MpdpException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  /** The checkpoint with the most steps. */
  public Optional<Path> latest() {
    List<Path> files = list();
    return files.isEmpty() ? Optional.empty() : Optional.of(files.getLast());
  }

  /** Writes a checkpoint and removes all but the latest. */
  public Path write(long step, Checkpoint checkpoint) {
    Path file = path.resolve(String.format(Locale.ROOT, "step-%09d.safetensors", step));
    try {
      Files.createDirectories(path);
      checkpoint.write(file);
      List<Path> files = list();
      for (Path old : files.subList(0, Math.max(0, files.size() - KEPT))) {
        Files.delete(old);
      }
      return file;
    } catch (IOException e) {
      throw new MpdpException("cannot write checkpoints into " + path + ": " + e.getMessage(), e);
    }
  }
}
