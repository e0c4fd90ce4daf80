package mpdp.backend.cuda;

import java.lang.foreign.MemorySegment;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/** A stream that other libraries than JCuda can be given. */
final class DeviceStream extends CUstream {
  /** Makes a stream that does not wait for the default one. */
  static DeviceStream create() {
    DeviceStream stream = new DeviceStream();
    JCuda.check(
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING),
        "creating a stream");
    return stream;
  }

  /** Its CUstream. */
  MemorySegment handle() {
    return MemorySegment.ofAddress(getNativePointer());
  }
}
