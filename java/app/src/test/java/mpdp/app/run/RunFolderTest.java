package mpdp.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mpdp.MpdpException;
import mpdp.UsageException;
import mpdp.checkpoint.CheckpointFolder;
import mpdp.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir Path folder;
  private final Settings settings = Settings.defaults().with("task.id=Ant-v5", "train.seed=9");

  @Test
  void aSecondRunInTheSameFolderIsRefusedWhileTheFirstIsOpen() {
    Path path = folder.resolve("a");
    try (RunFolder run = RunFolder.create(path, settings, "fake")) {
      assertThat(run.settings()).isEqualTo(settings);
      assertThatThrownBy(() -> RunFolder.resume(path, settings))
          .isInstanceOf(MpdpException.class)
          .hasMessage(
              "another process is running in " + path + "; wait for it to end or stop it first");
    }
    RunFolder.resume(path, settings).close();
  }

  @Test
  void settingsReadBackFromTheFolder() {
    RunFolder.create(folder.resolve("b"), settings, "fake").close();
    assertThat(RunFolder.settings(folder.resolve("b"))).isEqualTo(settings);
  }

  @Test
  void aTakenNameGetsANumber() {
    Path path = folder.resolve("c");
    RunFolder.createFree(path, settings, "fake").close();
    try (RunFolder second = RunFolder.createFree(path, settings, "fake");
        RunFolder third = RunFolder.createFree(path, settings, "fake")) {
      assertThat(second.path()).isEqualTo(folder.resolve("c-2"));
      assertThat(third.path()).isEqualTo(folder.resolve("c-3"));
    }
  }

  @Test
  void theLatestCheckpointHasTheMostSteps() throws IOException {
    Path path = folder.resolve("d");
    try (RunFolder run = RunFolder.create(path, settings, "fake")) {
      assertThat(CheckpointFolder.of(path).latest()).isEmpty();
      for (String name :
          new String[] {
            "step-000000200.safetensors", "step-1000000000.safetensors", "step-9.tmp", "other"
          }) {
        Files.createFile(run.checkpoints().resolve(name));
      }
      assertThat(CheckpointFolder.of(path).latest().map(CheckpointFolder::steps))
          .contains(1_000_000_000L);
    }
  }

  @Test
  void aFolderOfOtherThingsIsNoRun() throws IOException {
    Path path = Files.createDirectory(folder.resolve("e"));
    assertThatThrownBy(() -> RunFolder.settings(path))
        .isInstanceOf(UsageException.class)
        .hasMessage(path + " is not a run folder: it has no config.toml");
    assertThatThrownBy(() -> RunFolder.isFinished(path))
        .isInstanceOf(UsageException.class)
        .hasMessage(path + " is not a run folder: it has no run.json");
  }
}
