package mpdp.app.run;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import mpdp.MpdpException;
import mpdp.UsageException;

/** Finds run folders. */
public final class RunFinder {
  private static final System.Logger LOG = System.getLogger(RunFinder.class.getName());

  private RunFinder() {}

  /**
   * The runs in a folder and below it, ordered by path. A damaged one is warned of and left out.
   *
   * @throws UsageException if there is no such folder
   */
  public static List<RunSummary> below(Path folder) {
    List<RunSummary> runs = new ArrayList<>();
    for (Path run : folders(folder)) {
      try {
        runs.add(RunSummary.read(run));
      } catch (MpdpException damaged) {
        LOG.log(System.Logger.Level.WARNING, damaged.getMessage());
      }
    }
    return runs;
  }

  private static List<Path> folders(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new UsageException("no such folder: " + folder);
    }
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
              if (!Files.exists(at.resolve("run.json"))) {
                return FileVisitResult.CONTINUE;
              }
              found.add(at);
              return FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new MpdpException("cannot read " + folder + ": " + RunFiles.reason(e), e);
    }
    found.sort(null);
    return found;
  }
}
