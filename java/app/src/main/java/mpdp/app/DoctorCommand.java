package mpdp.app;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import mpdp.MpdpException;
import mpdp.app.run.Machine;
import mpdp.backend.BackendStatus;
import mpdp.backend.Backends;
import mpdp.env.mujoco.MujocoInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tells what works on this machine, and what to do about what does not. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = MpdpCommand.Version.class,
    description = "Tells which back ends and tasks work on this machine, and why others do not.")
final class DoctorCommand implements Runnable {
  private final PrintWriter out;

  @Option(names = "--json", description = "One JSON object on the last line.")
  private boolean json;

  DoctorCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void run() {
    List<BackendStatus> backends = Backends.probe();
    SequencedMap<String, Object> facts = facts();
    if (json) {
      Map<String, Object> report = new LinkedHashMap<>();
      List<Map<String, Object>> states = new ArrayList<>();
      for (BackendStatus backend : backends) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("name", backend.name());
        state.put("available", backend.available());
        state.put("detail", backend.detail());
        states.add(state);
      }
      report.put("backends", states);
      report.put("opencl_devices", OpenClReport.facts());
      report.putAll(facts);
      out.println(Json.line(report));
    } else {
      facts.forEach((name, value) -> out.printf("%-10s %s%n", name, value));
      for (BackendStatus backend : backends) {
        String state = backend.available() ? "works" : "no";
        out.printf("%-10s %-5s  %s%n", backend.name(), state, backend.detail());
      }
      OpenClReport.print(out);
    }
    out.flush();
  }

  private static SequencedMap<String, Object> facts() {
    SequencedMap<String, Object> facts = new LinkedHashMap<>();
    facts.put("mpdp", Machine.version());
    facts.put("commit", Machine.commit());
    facts.put("jdk", Runtime.version().toString());
    facts.put("system", Machine.system());
    facts.put("processor", Machine.processor());
    facts.put("cores", Runtime.getRuntime().availableProcessors());
    facts.put("heap_mib", Runtime.getRuntime().maxMemory() >> 20);
    facts.put("mujoco", mujoco());
    return facts;
  }

  private static String mujoco() {
    try {
      return MujocoInfo.version();
    } catch (MpdpException missing) {
      return "missing: " + missing.getMessage();
    }
  }
}
