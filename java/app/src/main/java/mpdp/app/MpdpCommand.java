package mpdp.app;

import mpdp.app.run.Machine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command without a name: options that every command takes. */
@Command(
    name = "mpdp",
    mixinStandardHelpOptions = true,
    versionProvider = MpdpCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Trains agents by planning through a learned model, distilled into a policy.",
    footer = {"", "Exit codes: 0 done, 1 failed while running, 2 wrong use."})
final class MpdpCommand {
  private boolean debug;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Log more, and show the trace of an error.")
  void debug(boolean value) {
    debug = value;
    Logs.verbose(value);
  }

  boolean debug() {
    return debug;
  }

  /** What {@code --version} prints. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"mpdp " + Machine.version() + " (" + Machine.commit() + ")"};
    }
  }
}
