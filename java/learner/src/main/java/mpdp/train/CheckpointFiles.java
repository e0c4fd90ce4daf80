package mpdp.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import mpdp.MpdpException;
import mpdp.checkpoint.Checkpoint;

/** The files of a run's checkpoint folder: named by step, the latest ones kept. */
final class CheckpointFiles {
  private static final int KEPT = 2;

  private CheckpointFiles() {}

  /** Writes a checkpoint and removes all but the latest. */
  static Path write(Path folder, long step, Checkpoint checkpoint) {
    Path file = folder.resolve(String.format(Locale.ROOT, "step-%09d.safetensors", step));
    try {
      Files.createDirectories(folder);
      checkpoint.write(file);
      List<Path> files = list(folder);
      for (Path old : files.subList(0, Math.max(0, files.size() - KEPT))) {
        Files.delete(old);
      }
      return file;
    } catch (IOException e) {
      throw new MpdpException("cannot write checkpoints into " + folder + ": " + e.getMessage(), e);
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().matches("step-\\d{9,}\\.safetensors"))
          .sorted()
          .toList();
    }
  }
}
