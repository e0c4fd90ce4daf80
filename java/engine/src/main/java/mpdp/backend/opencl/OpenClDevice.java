package mpdp.backend.opencl;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import mpdp.UsageException;

/**
 * What an OpenCL device says about itself.
 *
 * @param index its number among all devices of all platforms
 * @param platform its platform's name and version
 * @param name its name
 * @param version its OpenCL version
 * @param driver its driver's version
 * @param type what it is
 * @param units compute units
 * @param localBytes local memory of a work group
 * @param groupSize most work items in a group
 * @param lacks what the kernels need and it has not, in words; empty: it can be used
 */
public record OpenClDevice(
    int index,
    String platform,
    String name,
    String version,
    String driver,
    Type type,
    int units,
    long localBytes,
    long groupSize,
    List<String> lacks) {
  /** Kinds of devices; CPUs run the panel kernels, all others the tile kernels. */
  public enum Type {
    CPU,
    GPU,
    ACCELERATOR
  }

  /** The largest group of the kernels, and the local memory that OpenCL 1.2 promises. */
  static final int GROUP_SIZE = 256;

  static final long LOCAL_BYTES = 32 << 10;

  /** One line for logs. */
  public String summary() {
    return "%s on %s, %d %s"
        .formatted(name, platform, units, units == 1 ? "compute unit" : "compute units");
  }

  /**
   * The device that {@code wanted} names: a number, a part of exactly one name in any case, or ""
   * for the first GPU, else the first device.
   *
   * @throws UsageException if there is none, or several
   */
  static OpenClDevice choose(List<OpenClDevice> devices, String wanted) {
    if (wanted.isEmpty()) {
      return devices.stream()
          .filter(device -> device.type() != Type.CPU && device.lacks().isEmpty())
          .findFirst()
          .orElse(devices.getFirst());
    }
    String part = wanted.toLowerCase(Locale.ROOT);
    List<OpenClDevice> found =
        devices.stream()
            .filter(
                device ->
                    part.equals(Integer.toString(device.index()))
                        || !part.matches("\\d+")
                            && device.name().toLowerCase(Locale.ROOT).contains(part))
            .toList();
    if (found.size() != 1) {
      throw new UsageException(
          "%s OpenCL device %s; name one of: %s"
              .formatted(found.isEmpty() ? "no" : "more than one", wanted, names(devices)));
    }
    return found.getFirst();
  }

  private static String names(List<OpenClDevice> devices) {
    return devices.stream()
        .map(device -> device.index() + " (" + device.name() + ")")
        .collect(Collectors.joining(", "));
  }
}
