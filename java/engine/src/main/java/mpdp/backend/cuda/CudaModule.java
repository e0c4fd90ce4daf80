package mpdp.backend.cuda;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** The compiled kernels on the device: machine code that fits it, else PTX for the driver. */
final class CudaModule implements AutoCloseable {
  /** Results that mean: no machine code for this GPU, or a container of a later version. */
  private static final Set<Integer> UNFIT = Set.of(200, 209, 218, 222);

  private static final int DEFAULT_SHARED_BYTES = 48 * 1024;

  private final CUmodule module = new CUmodule();
  private final Map<String, CUfunction> functions = new HashMap<>();
  private final Map<String, Integer> sharedBytes = new HashMap<>();
  private final String form;

  CudaModule() {
    int result = JCudaDriver.cuModuleLoadData(module, ShippedKernels.fatbin());
    if (UNFIT.contains(result)) {
      JCuda.check(
          JCudaDriver.cuModuleLoadData(module, ShippedKernels.ptx()),
          "compiling the kernels' PTX for this GPU");
      form = "kernels compiled by the driver";
    } else {
      JCuda.check(result, "loading the kernels");
      form = "kernels ready";
    }
  }

  /** Where the kernels came from. */
  String form() {
    return form;
  }

  /** The kernel of {@code launch}, allowed to use the most shared memory asked for so far. */
  CUfunction function(KernelLaunch launch) {
    CUfunction function = functions.computeIfAbsent(launch.kernel(), this::find);
    int allowed = sharedBytes.getOrDefault(launch.kernel(), DEFAULT_SHARED_BYTES);
    if (launch.sharedBytes() > allowed) {
      sharedBytes.put(launch.kernel(), launch.sharedBytes());
      int attribute = CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
      JCuda.check(
          JCudaDriver.cuFuncSetAttribute(function, attribute, launch.sharedBytes()),
          "giving kernel %s %d bytes of shared memory"
              .formatted(launch.kernel(), launch.sharedBytes()));
    }
    return function;
  }

  private CUfunction find(String name) {
    CUfunction function = new CUfunction();
    JCuda.check(
        JCudaDriver.cuModuleGetFunction(function, module, name),
        "finding kernel %s (are the kernels older than this jar? run cuda/build)".formatted(name));
    return function;
  }

  @Override
  public void close() {
    JCudaDriver.cuModuleUnload(module);
  }
}
