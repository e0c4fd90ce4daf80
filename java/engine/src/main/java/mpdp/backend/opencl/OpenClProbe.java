package mpdp.backend.opencl;

import java.util.List;
import mpdp.MpdpException;
import mpdp.backend.Backend;
import mpdp.backend.BackendStatus;

/**
 * Asks for OpenCL without failing where JOCL or the OpenCL loader is missing: no class of JOCL is
 * linked before a method here is called, and its linkage errors end here.
 */
public final class OpenClProbe {
  /** The back end's name. */
  public static final String NAME = "opencl";

  private static final String INSTALL =
      "sudo apt-get install pocl-opencl-icd ocl-icd-libopencl1 (or a GPU's OpenCL driver)";

  private OpenClProbe() {}

  /** Whether a device can be used, and which one {@code open("")} takes. */
  public static BackendStatus status() {
    try {
      return new BackendStatus(NAME, true, find("").summary());
    } catch (MpdpException e) {
      return new BackendStatus(NAME, false, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Every device of every platform, in the order of their numbers.
   *
   * @throws MpdpException if there is none; the message says what to install
   */
  public static List<OpenClDevice> devices() {
    try {
      List<OpenClDevice> devices = Devices.list();
      if (devices.isEmpty()) {
        throw new MpdpException("no OpenCL platform: install one with " + INSTALL);
      }
      return devices;
    } catch (LinkageError e) {
      throw new MpdpException(unlinked(e), e);
    }
  }

  /**
   * Opens a device.
   *
   * @param device its number, a part of its name, or "" for the first GPU or else the first device
   * @param threads the most compute units of a CPU to use, 0 for all; nothing to other devices
   * @throws MpdpException if there is no such device, it lacks what the kernels need, or the driver
   *     of a CPU cannot give a part of its compute units
   */
  public static Backend open(String device, int threads) {
    OpenClDevice found = find(device);
    if (!found.lacks().isEmpty()) {
      throw new MpdpException(
          "OpenCL device %s lacks %s; choose another one with --device (see mpdp doctor)"
              .formatted(found.name(), String.join(", ", found.lacks())));
    }
    SignalChaining.demandFor(found);
    return new OpenClBackend(found, MatrixKernelChoice.of(found), threads);
  }

  /**
   * Which kernels multiply matrices on {@code device}, with the rates that chose them; says so
   * where they are still to be measured.
   */
  public static String matrixKernels(OpenClDevice device) {
    return MatrixKernelChoice.report(device);
  }

  private static OpenClDevice find(String device) {
    return OpenClDevice.choose(devices(), device);
  }

  private static String unlinked(LinkageError e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("OpenCL") || e instanceof UnsatisfiedLinkError
        ? "no OpenCL loader: install one with " + INSTALL
        : "JOCL could not be loaded (" + message + "): put jocl 2.0.6 on the class path";
  }
}
