package mpdp.backend.opencl;

import static org.jocl.CL.CL_DEVICE_AVAILABLE;
import static org.jocl.CL.CL_DEVICE_COMPILER_AVAILABLE;
import static org.jocl.CL.CL_DEVICE_LOCAL_MEM_SIZE;
import static org.jocl.CL.CL_DEVICE_MAX_COMPUTE_UNITS;
import static org.jocl.CL.CL_DEVICE_MAX_WORK_GROUP_SIZE;
import static org.jocl.CL.CL_DEVICE_NAME;
import static org.jocl.CL.CL_DEVICE_NOT_FOUND;
import static org.jocl.CL.CL_DEVICE_PARTITION_BY_COUNTS;
import static org.jocl.CL.CL_DEVICE_TYPE;
import static org.jocl.CL.CL_DEVICE_TYPE_ALL;
import static org.jocl.CL.CL_DEVICE_TYPE_CPU;
import static org.jocl.CL.CL_DEVICE_TYPE_GPU;
import static org.jocl.CL.CL_DEVICE_VERSION;
import static org.jocl.CL.CL_DRIVER_VERSION;
import static org.jocl.CL.CL_PLATFORM_NAME;
import static org.jocl.CL.CL_PLATFORM_VERSION;
import static org.jocl.CL.clCreateSubDevices;
import static org.jocl.CL.clGetDeviceIDs;
import static org.jocl.CL.clGetDeviceInfo;
import static org.jocl.CL.clGetPlatformIDs;
import static org.jocl.CL.clGetPlatformInfo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import mpdp.MpdpException;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_device_partition_property;
import org.jocl.cl_platform_id;

/** The platforms and devices that the OpenCL loader knows. */
final class Devices {
  /** A device with the handles that open it; a part of one is to be released. */
  record Handle(cl_platform_id platform, cl_device_id device, boolean part) {}

  static {
    JoclLibrary.load();
  }

  private Devices() {}

  /** Every device, in a fixed order; empty without a platform. */
  static List<OpenClDevice> list() {
    List<OpenClDevice> devices = new ArrayList<>();
    for (Handle handle : handles()) {
      devices.add(describe(devices.size(), handle));
    }
    return List.copyOf(devices);
  }

  /** The handles of the devices of {@link #list}. */
  static List<Handle> handles() {
    List<Handle> handles = new ArrayList<>();
    List<String> empty = new ArrayList<>();
    for (cl_platform_id platform : platforms()) {
      int before = handles.size();
      for (cl_device_id device : devices(platform)) {
        handles.add(new Handle(platform, device, false));
      }
      if (handles.size() == before) {
        empty.add(platformText(platform, CL_PLATFORM_NAME));
      }
    }
    if (handles.isEmpty() && !empty.isEmpty()) {
      throw new MpdpException(
          "no device on the OpenCL platform %s; PoCL says so where its cache folder (POCL_CACHE_DIR, else ~/.cache/pocl) cannot be written"
              .formatted(String.join(", ", empty)));
    }
    return handles;
  }

  /**
   * A part of a CPU with {@code units} of its compute units; its owner releases it.
   *
   * @throws MpdpException if the driver makes no parts of devices
   */
  static Handle part(Handle whole, String name, int units) {
    cl_device_partition_property properties = new cl_device_partition_property();
    properties.addProperty(CL_DEVICE_PARTITION_BY_COUNTS, units);
    cl_device_id[] parts = new cl_device_id[1];
    try {
      clCreateSubDevices(whole.device(), properties, parts.length, parts, null);
    } catch (CLException e) {
      throw new MpdpException(
          "OpenCL device %s cannot be limited to %d of its compute units (%s): set threads to 0"
              .formatted(name, units, e.getMessage()),
          e);
    }
    return new Handle(whole.platform(), parts[0], true);
  }

  private static cl_platform_id[] platforms() {
    int[] count = new int[1];
    try {
      clGetPlatformIDs(0, null, count);
    } catch (CLException e) {
      return new cl_platform_id[0]; // CL_PLATFORM_NOT_FOUND_KHR
    }
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    clGetPlatformIDs(platforms.length, platforms, null);
    return platforms;
  }

  private static cl_device_id[] devices(cl_platform_id platform) {
    int[] count = new int[1];
    try {
      clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, null, count);
    } catch (CLException e) {
      if (e.getStatus() == CL_DEVICE_NOT_FOUND) {
        return new cl_device_id[0];
      }
      throw e;
    }
    cl_device_id[] devices = new cl_device_id[count[0]];
    clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, devices.length, devices, null);
    return devices;
  }

  private static OpenClDevice describe(int index, Handle handle) {
    cl_device_id device = handle.device();
    long kind = number(device, CL_DEVICE_TYPE);
    long localBytes = number(device, CL_DEVICE_LOCAL_MEM_SIZE);
    long groupSize = number(device, CL_DEVICE_MAX_WORK_GROUP_SIZE);
    String version = text(device, CL_DEVICE_VERSION);
    List<String> lacks = new ArrayList<>();
    need(lacks, number(device, CL_DEVICE_AVAILABLE) != 0, "being available");
    need(lacks, number(device, CL_DEVICE_COMPILER_AVAILABLE) != 0, "a compiler");
    need(lacks, !version.matches("OpenCL 1\\.[01].*"), "OpenCL 1.2");
    need(
        lacks,
        localBytes >= OpenClDevice.LOCAL_BYTES,
        "local memory of " + OpenClDevice.LOCAL_BYTES + " bytes");
    need(
        lacks,
        groupSize >= OpenClDevice.GROUP_SIZE,
        "work groups of " + OpenClDevice.GROUP_SIZE + " items");
    return new OpenClDevice(
        index,
        platformText(handle.platform(), CL_PLATFORM_NAME)
            + " ("
            + platformText(handle.platform(), CL_PLATFORM_VERSION).replaceFirst("  .*", "")
            + ")",
        text(device, CL_DEVICE_NAME),
        version,
        text(device, CL_DRIVER_VERSION),
        (kind & CL_DEVICE_TYPE_CPU) != 0
            ? OpenClDevice.Type.CPU
            : (kind & CL_DEVICE_TYPE_GPU) != 0
                ? OpenClDevice.Type.GPU
                : OpenClDevice.Type.ACCELERATOR,
        (int) number(device, CL_DEVICE_MAX_COMPUTE_UNITS),
        localBytes,
        groupSize,
        List.copyOf(lacks));
  }

  private static void need(List<String> lacks, boolean there, String what) {
    if (!there) {
      lacks.add(what);
    }
  }

  /** A number of 4 or 8 bytes; the bytes that the device leaves alone stay 0. */
  private static long number(cl_device_id device, int parameter) {
    long[] value = new long[1];
    long[] size = new long[1];
    clGetDeviceInfo(device, parameter, 0, null, size);
    clGetDeviceInfo(device, parameter, size[0], Pointer.to(value), null);
    return value[0];
  }

  private static String text(cl_device_id device, int parameter) {
    long[] size = new long[1];
    clGetDeviceInfo(device, parameter, 0, null, size);
    byte[] bytes = new byte[(int) size[0]];
    clGetDeviceInfo(device, parameter, bytes.length, Pointer.to(bytes), null);
    return string(bytes);
  }

  private static String platformText(cl_platform_id platform, int parameter) {
    long[] size = new long[1];
    clGetPlatformInfo(platform, parameter, 0, null, size);
    byte[] bytes = new byte[(int) size[0]];
    clGetPlatformInfo(platform, parameter, bytes.length, Pointer.to(bytes), null);
    return string(bytes);
  }

  private static String string(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).replace("\0", "").strip();
  }
}
