package mpdp.app.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.app.run.FolderLock;
import mpdp.app.run.Machine;
import mpdp.app.run.RunFiles;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder of a campaign: {@code campaign.toml} is the file that it was last given, {@code
 * campaign.json} numbers the runs, and each run has a folder of its own beside them. A number never
 * changes its run, so that an array of jobs may be told numbers.
 */
public final class Campaign {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Path folder;
  private final Index index;

  private Campaign(Path folder, Index index) {
    this.folder = folder;
    this.index = index;
  }

  /**
   * The content of {@code campaign.json}.
   *
   * @param mpdp version of the program that began the campaign
   * @param commit its commit
   * @param runs by their numbers
   */
  record Index(String mpdp, String commit, List<Entry> runs) {}

  /**
   * A numbered run.
   *
   * @param dropped whether the file left it out again before it began
   */
  record Entry(String name, SequencedMap<String, String> definition, boolean dropped) {}

  /** Whether the folder holds a campaign. */
  public static boolean isAt(Path folder) {
    return Files.exists(index(folder));
  }

  /**
   * Opens the campaign in a folder.
   *
   * @throws UsageException if there is none
   */
  public static Campaign open(Path folder) {
    try {
      return new Campaign(folder, JSON.readValue(Files.readString(index(folder)), Index.class));
    } catch (NoSuchFileException e) {
      throw new UsageException(
          folder + " holds no campaign; begin one with mpdp sweep FILE.toml --out " + folder, e);
    } catch (IOException | JacksonException e) {
      throw new MpdpException("cannot read " + index(folder) + ": it is not a campaign's index", e);
    }
  }

  /** A campaign without runs, not yet written. */
  static Campaign empty(Path folder) {
    return new Campaign(folder, new Index(Machine.version(), Machine.commit(), List.of()));
  }

  /** Keeps other processes from planning and starting runs here while it is open. */
  public static FolderLock lock(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new MpdpException(
          "cannot make the folder " + folder + ": " + RunFiles.reason(e) + "; see --out", e);
    }
    return FolderLock.take(
        folder.resolve("campaign.lock"),
        "another sweep is running in " + folder + "; wait for it to end or stop it first");
  }

  public Path folder() {
    return folder;
  }

  /** The file that the campaign was last given. */
  public Path file() {
    return folder.resolve("campaign.toml");
  }

  /** The commit of the program that began the campaign. */
  public String commit() {
    return index.commit();
  }

  /**
   * The runs, by ascending numbers; those that the file left out again before they began are not.
   */
  public List<CampaignRun> runs() {
    List<CampaignRun> runs = new ArrayList<>();
    for (int i = 0; i < index.runs().size(); i++) {
      if (!index.runs().get(i).dropped()) {
        runs.add(run(i));
      }
    }
    return runs;
  }

  /**
   * The run of a number.
   *
   * @throws UsageException if there is none
   */
  public CampaignRun run(int number) {
    if (number < 0 || number >= index.runs().size()) {
      throw new UsageException(
          "%s has no run %d; its runs are 0 to %d"
              .formatted(folder, number, index.runs().size() - 1));
    }
    Entry entry = index.runs().get(number);
    return new CampaignRun(number, entry.name(), folder.resolve(entry.name()), entry.definition());
  }

  List<Entry> entries() {
    return index.runs();
  }

  /** The same campaign with other entries, written. */
  Campaign with(List<Entry> entries) {
    Index next = new Index(index.mpdp(), index.commit(), List.copyOf(entries));
    RunFiles.write(index(folder), JSON.writeValueAsString(next) + "\n");
    return new Campaign(folder, next);
  }

  private static Path index(Path folder) {
    return folder.resolve("campaign.json");
  }
}
