package mpdp.backend.cuda;

import jcuda.driver.CUdeviceptr;

/** A device pointer whose address can be read. */
final class DevicePointer extends CUdeviceptr {
  DevicePointer() {}

  private DevicePointer(DevicePointer base, long byteOffset) {
    super(base, byteOffset);
  }

  long address() {
    return getNativePointer() + getByteOffset();
  }

  @Override
  public DevicePointer withByteOffset(long byteOffset) {
    return new DevicePointer(this, byteOffset);
  }
}
