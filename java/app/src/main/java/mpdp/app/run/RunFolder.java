package mpdp.app.run;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.checkpoint.CheckpointFolder;
import mpdp.settings.Settings;
import mpdp.settings.SettingsLoader;

/**
 * The folder of one run, locked against a second process while it is open for training: {@code
 * config.toml}, {@code run.json}, {@code metrics.csv}, TensorBoard events, {@code checkpoints/},
 * {@code plots/}, {@code log.txt}.
 */
public final class RunFolder implements AutoCloseable {

  private static final String LOCK = "run.lock";

  private final Path path;
  private final Settings settings;
  private final RunInfo info;
  private final FolderLock lock;

  private RunFolder(Path path, Settings settings, RunInfo info, FolderLock lock) {
    this.path = path;
    this.settings = settings;
    this.info = info;
    this.lock = lock;
  }

  /**
   * Makes the folder of a new run.
   *
   * @throws UsageException if the folder exists and is not empty; nothing in it is touched
   * @throws MpdpException if it cannot be written
   */
  public static RunFolder create(Path path, Settings settings, String backend) {
    refuseUsed(path);
    makeFolders(path);
    FolderLock lock = lock(path);
    RunInfo info = RunInfo.create(path.resolve("run.json"), settings);
    RunFolder run = new RunFolder(path, settings, info, lock);
    run.begin(backend);
    return run;
  }

  /**
   * Makes or remakes the folder of a run that begins later, by {@link #resume}. A folder whose run
   * has not begun may be made anew, also where a crash left half of it.
   *
   * @param variant the campaign's name for what the run tries, or ""
   */
  public static void plan(Path path, Settings settings, String variant) {
    makeFolders(path);
    RunFiles.write(path.resolve("config.toml"), SettingsLoader.toToml(settings));
    RunInfo info = RunInfo.create(path.resolve("run.json"), settings);
    if (!variant.isEmpty()) {
      info.put("variant", variant);
    }
    info.status(RunStatus.WAITING);
    info.write();
  }

  /** Gives a run that nobody is training more steps, however it stands. */
  public static void extend(Path path, long steps) {
    Settings longer = settings(path).with("train.steps=" + steps);
    try (FolderLock ignored = lock(path)) {
      RunInfo info = RunInfo.read(path.resolve("run.json"));
      if (!info.get("status").equals(RunStatus.WAITING.word())) {
        info.status(RunStatus.INTERRUPTED);
        info.write();
      }
      RunFiles.write(path.resolve("config.toml"), SettingsLoader.toToml(longer));
    }
  }

  /**
   * Makes the folder of a new run in the first of {@code path}, {@code path-2}, {@code path-3}, ...
   * that is free.
   */
  public static RunFolder createFree(Path path, Settings settings, String backend) {
    Path free = path;
    for (int i = 2; isUsed(free); i++) {
      free = path.resolveSibling(path.getFileName() + "-" + i);
    }
    return create(free, settings, backend);
  }

  /**
   * Opens an existing run to go on with it; nothing is written before {@link #begin}.
   *
   * @param settings replaces {@code config.toml}, for instance with more steps
   * @throws MpdpException if another process runs in the folder
   */
  public static RunFolder resume(Path path, Settings settings) {
    Path json = path.resolve("run.json");
    RunInfo.read(json); // Refuses a folder that is no run before a lock is left there.
    FolderLock lock = lock(path);
    try {
      RunInfo info = RunInfo.read(json);
      info.resumed();
      return new RunFolder(path, settings, info, lock);
    } catch (MpdpException failure) {
      lock.close();
      throw failure;
    }
  }

  /** The settings of an existing run. */
  public static Settings settings(Path path) {
    if (!Files.isDirectory(path)) {
      throw new UsageException("no such run folder: " + path);
    }
    if (!Files.exists(path.resolve("config.toml"))) {
      throw new UsageException(path + " is not a run folder: it has no config.toml");
    }
    return SettingsLoader.load(path.resolve("config.toml"));
  }

  /** Whether the run did all its steps, as its {@code run.json} tells. */
  public static boolean isFinished(Path path) {
    return status(path) == RunStatus.FINISHED;
  }

  /** Where the run stands, and whether a process that {@code run.json} tells of still lives. */
  public static RunStatus status(Path path) {
    RunStatus status = written(path);
    if (status != RunStatus.RUNNING || isLocked(path)) {
      return status;
    }
    // Read again: the process may have ended well in between.
    status = written(path);
    return status == RunStatus.RUNNING ? RunStatus.KILLED : status;
  }

  private static RunStatus written(Path path) {
    Object word = RunInfo.read(path.resolve("run.json")).get("status");
    for (RunStatus status : RunStatus.values()) {
      if (status.word().equals(word)) {
        return status;
      }
    }
    throw new MpdpException(path.resolve("run.json") + " has an unknown status: " + word);
  }

  /** Whether a living process trains in the folder. */
  public static boolean isLocked(Path path) {
    return FolderLock.isHeld(path.resolve(LOCK));
  }

  public Path path() {
    return path;
  }

  public Settings settings() {
    return settings;
  }

  /** Where the trainer writes its checkpoints. */
  public Path checkpoints() {
    return CheckpointFolder.of(path).path();
  }

  /** Writes the settings, and that the run is running on this machine. */
  public void begin(String backend) {
    RunFiles.write(path.resolve("config.toml"), SettingsLoader.toToml(settings));
    info.machine(backend);
    info.status(RunStatus.RUNNING);
    info.write();
  }

  /** Notes how far the run is. */
  public void progress(long environmentSteps) {
    info.put("env_steps", environmentSteps);
    info.write();
  }

  /** Notes how the run ended. */
  public void end(RunStatus status) {
    info.status(status);
    info.write();
  }

  /** Notes the error that ended the run. */
  public void fail(String error) {
    info.put("error", error);
    end(RunStatus.FAILED);
  }

  @Override
  public void close() {
    lock.close();
  }

  /**
   * Refuses a folder that a new run cannot take, with the error that {@link #create} would give.
   */
  public static void refuseUsed(Path path) {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new UsageException(path + " is a file; name a folder with --run");
    }
    if (isUsed(path)) {
      throw new UsageException(
          "the run folder "
              + path
              + " exists and is not empty; name another with --run or go on with --resume "
              + path);
    }
  }

  private static void makeFolders(Path path) {
    try {
      Files.createDirectories(path.resolve("checkpoints"));
      Files.createDirectories(path.resolve("plots"));
    } catch (FileAlreadyExistsException e) {
      throw new UsageException(path + " is a file; name a folder with --run", e);
    } catch (IOException e) {
      throw new MpdpException(
          "cannot make the run folder " + path + ": " + RunFiles.reason(e) + "; see --run", e);
    }
  }

  private static FolderLock lock(Path path) {
    return FolderLock.take(
        path.resolve(LOCK),
        "another process is running in " + path + "; wait for it to end or stop it first");
  }

  private static boolean isUsed(Path path) {
    if (!Files.isDirectory(path)) {
      return Files.exists(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.findAny().isPresent();
    } catch (IOException e) {
      throw new MpdpException("cannot read " + path + ": " + RunFiles.reason(e), e);
    }
  }
}
