package mpdp.backend.cuda;

import java.nio.charset.StandardCharsets;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;
import mpdp.MpdpException;
import mpdp.backend.op.FloatProducts;
import org.jspecify.annotations.Nullable;

/** The first GPU, its primary context, and the one stream that all work goes to. */
final class CudaDevice implements AutoCloseable {
  private static final int NAME_BYTES = 256;

  private final CUdevice device = new CUdevice();
  private final CUcontext context = new CUcontext();
  private final DeviceStream stream;
  private final String description;
  private final CudaLimits limits;
  private @Nullable Thread current;

  CudaDevice(FloatProducts products, MatrixProvider provider) {
    JCuda.load();
    JCuda.check(JCudaDriver.cuInit(0), "starting the CUDA driver");
    JCuda.check(JCudaDriver.cuDeviceGet(device, 0), "opening the first GPU");
    description =
        describe(device) + (products == FloatProducts.WHOLE ? "" : ", " + products + " products");
    limits =
        new CudaLimits(
            attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
            attribute(
                device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR),
            attribute(
                device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN),
            products,
            provider);
    JCuda.check(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "opening the GPU's context");
    enter();
    stream = DeviceStream.create();
  }

  /** The kernels multiply on tensor cores that know TF32 and copy while they compute. */
  private static final int LEAST_MAJOR = 8;

  private static String describe(CUdevice device) {
    byte[] name = new byte[NAME_BYTES];
    int[] version = new int[1];
    JCuda.check(JCudaDriver.cuDeviceGetName(name, NAME_BYTES, device), "reading the GPU's name");
    JCuda.check(JCudaDriver.cuDriverGetVersion(version), "reading the driver's version");
    String text = new String(name, StandardCharsets.UTF_8).trim().replace("\0", "");
    int major = attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
    int minor = attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    if (major < LEAST_MAJOR) {
      throw new MpdpException(
          "%s is sm_%d%d, and the kernels need sm_80 (Ampere) or later: use --backend opencl or cpu"
              .formatted(text, major, minor));
    }
    return "%s, sm_%d%d, CUDA %s".formatted(text, major, minor, CudaProbe.versionText(version[0]));
  }

  private static int attribute(CUdevice device, int attribute) {
    int[] value = new int[1];
    JCuda.check(
        JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "reading a GPU attribute");
    return value[0];
  }

  /** Name, architecture and CUDA version of the driver. */
  String description() {
    return description;
  }

  /** What launches are made for. */
  CudaLimits limits() {
    return limits;
  }

  /** Whether this is the stand-in that tests use where there is no GPU. */
  boolean emulated() {
    return description.startsWith("emulator");
  }

  DeviceStream stream() {
    return stream;
  }

  /** Makes the context the calling thread's; costs nothing when it was the last caller too. */
  void enter() {
    Thread caller = Thread.currentThread();
    if (current != caller) {
      JCuda.check(JCudaDriver.cuCtxSetCurrent(context), "entering the GPU's context");
      current = caller;
    }
  }

  /** Waits for all work; the result code of whatever failed. */
  int waitForWork() {
    return JCudaDriver.cuStreamSynchronize(stream);
  }

  /** Bytes of device memory that are free, and all bytes. */
  long[] memory() {
    long[] free = new long[1];
    long[] total = new long[1];
    JCuda.check(JCudaDriver.cuMemGetInfo(free, total), "asking for free device memory");
    return new long[] {free[0], total[0]};
  }

  @Override
  public void close() {
    enter();
    JCudaDriver.cuStreamSynchronize(stream);
    JCudaDriver.cuStreamDestroy(stream);
    JCudaDriver.cuDevicePrimaryCtxRelease(device);
  }
}
