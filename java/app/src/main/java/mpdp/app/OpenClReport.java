package mpdp.app;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mpdp.MpdpException;
import mpdp.backend.opencl.OpenClDevice;
import mpdp.backend.opencl.OpenClProbe;

/** The OpenCL devices in the doctor's report; nothing where OpenCL is not there. */
final class OpenClReport {
  private OpenClReport() {}

  private static List<OpenClDevice> devices() {
    try {
      return OpenClProbe.devices();
    } catch (MpdpException missing) {
      return List.of(); // the back end's own line says why
    }
  }

  /** One object per device. */
  static List<Map<String, Object>> facts() {
    return devices().stream().map(OpenClReport::facts).toList();
  }

  private static Map<String, Object> facts(OpenClDevice device) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("index", device.index());
    facts.put("name", device.name());
    facts.put("type", device.type().toString());
    facts.put("platform", device.platform());
    facts.put("version", device.version());
    facts.put("driver", device.driver());
    facts.put("units", device.units());
    facts.put("local_kib", device.localBytes() >> 10);
    facts.put("matrix_kernels", OpenClProbe.matrixKernels(device));
    facts.put("lacks", device.lacks());
    return facts;
  }

  /** Three lines per device. */
  static void print(PrintWriter out) {
    for (OpenClDevice device : devices()) {
      out.printf(
          "  device %d %s (%s, %d units, %d KiB local)%n",
          device.index(), device.name(), device.type(), device.units(), device.localBytes() >> 10);
      out.printf(
          "    platform %s; device %s, driver %s%n",
          device.platform(), device.version(), device.driver());
      out.printf(
          "    matrix kernels %s; %s%n",
          OpenClProbe.matrixKernels(device),
          device.lacks().isEmpty()
              ? "lacks nothing"
              : "lacks " + String.join(", ", device.lacks()));
    }
  }
}
