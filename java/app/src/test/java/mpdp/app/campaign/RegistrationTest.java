package mpdp.app.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mpdp.UsageException;
import mpdp.app.run.RunFolder;
import mpdp.app.run.RunStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrationTest {
  private static final String FILE =
      """
      task = "Hopper-v5"
      preset = "fast"
      steps = 1000
      seeds = [1, 2]
      [set]
      "agent.batch" = 32
      """;

  @TempDir Path folder;
  private Path out;

  @BeforeEach
  void nameAFolder() {
    out = folder.resolve("out");
  }

  private Campaign register(String toml) throws IOException {
    Path file = Files.writeString(folder.resolve("c.toml"), toml);
    return new Registration(out, CampaignFile.read(file)).write();
  }

  /** Ends the run of a number, as a process of its own would. */
  private void train(int number, RunStatus status) {
    CampaignRun run = Campaign.open(out).run(number);
    try (RunFolder open = RunFolder.resume(run.folder(), run.settings())) {
      open.begin("fake");
      open.end(status);
    }
  }

  @Test
  void runsGetNumbersAndFoldersThatWait() throws IOException {
    register(FILE);
    Campaign campaign = Campaign.open(out);
    assertThat(campaign.runs()).extracting(CampaignRun::index).containsExactly(0, 1);
    assertThat(campaign.runs()).extracting(CampaignRun::status).containsOnly(RunStatus.WAITING);
    CampaignRun second = campaign.run(1);
    assertThat(second.folder()).isEqualTo(out.resolve("Hopper-v5-mpdp-fast-s2"));
    assertThat(second.settings().train().seed()).isEqualTo(2);
    assertThat(campaign.file()).hasContent(FILE);
    assertThatThrownBy(() -> campaign.run(2))
        .isInstanceOf(UsageException.class)
        .hasMessage(out + " has no run 2; its runs are 0 to 1");
  }

  @Test
  void aNumberStaysWithItsRunWhenTheFileGrowsAndShrinks() throws IOException {
    register(FILE);
    Campaign grown = register(FILE.replace("[1, 2]", "[0, 2, 3]"));
    assertThat(grown.runs()).extracting(CampaignRun::index).containsExactly(1, 2, 3);
    assertThat(grown.run(1).name()).endsWith("s2");
    assertThat(grown.run(2).name()).endsWith("s0");
    Campaign again = register(FILE.replace("[1, 2]", "[0, 1]"));
    assertThat(again.runs()).extracting(CampaignRun::index).containsExactly(0, 2);
  }

  @Test
  void aRunThatWaitsTakesOtherSettingsAndOneThatBeganRefusesThem() throws IOException {
    register(FILE);
    String other = FILE.replace("batch\" = 32", "batch\" = 64");
    Campaign changed = register(other);
    assertThat(changed.run(0).settings().agent().batch()).isEqualTo(64);
    train(0, RunStatus.INTERRUPTED);
    assertThatThrownBy(() -> register(FILE))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "%s has agent.batch = 32, but %s ran with 64; put it back, or name another folder with --out"
                .formatted(folder.resolve("c.toml"), out.resolve("Hopper-v5-mpdp-fast-s1")));
    assertThat(Campaign.open(out).run(1).settings().agent().batch())
        .as("nothing written")
        .isEqualTo(64);
    register(other);
  }

  @Test
  void whatRanMustStayInTheFile() throws IOException {
    register(FILE);
    train(1, RunStatus.FINISHED);
    assertThatThrownBy(() -> register(FILE.replace("[1, 2]", "[1, 3]")))
        .hasMessageContaining("no longer asks for train.seed = 2, but ");
    assertThatThrownBy(() -> register(FILE.replace("fast", "paper")))
        .hasMessageContaining("no longer asks for preset = \"fast\", but ");
    register(FILE.replace("[1, 2]", "[2, 3]"));
  }

  @Test
  void stepsMayGrowAndNotShrink() throws IOException {
    register(FILE);
    train(0, RunStatus.FINISHED);
    Campaign longer = register(FILE.replace("1000", "3000"));
    assertThat(longer.run(0).status()).isEqualTo(RunStatus.INTERRUPTED);
    assertThat(longer.run(0).settings().train().steps()).isEqualTo(3000);
    assertThatThrownBy(() -> register(FILE))
        .hasMessageContaining("has train.steps = 1000, but ")
        .hasMessageContaining("ran with 3000");
  }

  @Test
  void threadsMayChange() throws IOException {
    register(FILE + "train.threads = 1\n");
    train(0, RunStatus.INTERRUPTED);
    register(FILE + "train.threads = 2\n");
  }

  @Test
  void aFolderThatWasHalfMadeIsMadeAnew() throws IOException {
    Files.createDirectories(out.resolve("Hopper-v5-mpdp-fast-s1/checkpoints"));
    assertThat(register(FILE).run(0).status()).isEqualTo(RunStatus.WAITING);
  }

  @Test
  void whatIsNoCampaignIsSaidInOneLine() throws IOException {
    assertThatThrownBy(() -> Campaign.open(out))
        .isInstanceOf(UsageException.class)
        .hasMessage(out + " holds no campaign; begin one with mpdp sweep FILE.toml --out " + out);
    Files.createDirectories(out);
    Files.writeString(out.resolve("campaign.json"), "{\"runs\": 3");
    assertThatThrownBy(() -> Campaign.open(out))
        .hasMessage(
            "cannot read " + out.resolve("campaign.json") + ": it is not a campaign's index");
  }
}
