package mpdp.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import mpdp.app.run.RunFiles;
import mpdp.settings.SettingsReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the reference of every configuration key. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    versionProvider = MpdpCommand.Version.class,
    description = "Prints every configuration key with its default, range and meaning.")
final class ConfigCommand implements Runnable {
  private final PrintWriter out;

  @Option(names = "--out", paramLabel = "FILE", description = "Write the page to a file.")
  private @Nullable Path file;

  ConfigCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void run() {
    if (file == null) {
      out.print(SettingsReference.markdown());
      out.flush();
    } else {
      RunFiles.write(file, SettingsReference.markdown());
    }
  }
}
