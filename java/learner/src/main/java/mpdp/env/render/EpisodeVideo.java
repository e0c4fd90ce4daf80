package mpdp.env.render;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import mpdp.MpdpException;
import mpdp.env.VectorEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * An animated GIF of one copy of an environment, in real time: call {@link #frame} before every
 * step, and close it to put the file in place.
 */
public final class EpisodeVideo implements AutoCloseable {
  /** Hundredths of a second between pictures: 25 a second. */
  private static final int DELAY = 4;

  private final Path file;
  private final Path unfinished;
  private final GifWriter writer;
  private @Nullable Painter painter;
  private double shown;
  private double elapsed;

  /**
   * @throws MpdpException if the file cannot be written
   */
  public EpisodeVideo(Path file) {
    System.setProperty("java.awt.headless", "true");
    if (Files.isDirectory(file)) {
      throw new MpdpException("cannot write the video " + file + ": it is a folder");
    }
    this.file = file;
    this.unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    try {
      this.writer = new GifWriter(unfinished, DELAY);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Adds a picture of one copy if it is time for one. */
  public void frame(VectorEnvironment environment, int index) {
    double[] capsules = environment.capsules(index);
    if (painter == null) {
      painter = new Painter(capsules);
    }
    try {
      // Tasks with long steps show some pictures twice, those with short steps skip some.
      for (; shown <= elapsed + 1e-9; shown += DELAY / 100.0) {
        writer.add(painter.paint(capsules));
      }
    } catch (IOException e) {
      throw failure(e);
    }
    elapsed += environment.spec().stepSeconds();
  }

  @Override
  public void close() {
    try {
      writer.close();
      if (painter == null) {
        // A film of nothing must not replace an earlier one.
        Files.delete(unfinished);
      } else {
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private MpdpException failure(IOException e) {
    return new MpdpException("cannot write the video " + file + ": " + e, e);
  }
}
