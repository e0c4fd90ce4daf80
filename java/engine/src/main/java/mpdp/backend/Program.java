package mpdp.backend;

import java.util.List;
import mpdp.backend.op.Operation;

/**
 * A recorded list of ops that runs again and again on the same buffers. Whatever changes between
 * runs lives in device memory, so a run allocates nothing and needs no host traffic.
 */
public interface Program extends AutoCloseable {
  String label();

  /** The recorded ops, for profiles and tests. */
  List<Operation> operations();

  /** What a run starts on the device: kernels, or, on the host, ops. */
  default int launches() {
    return operations().size();
  }

  /** Runs every op in order. Buffers read afterwards hold the results. */
  void run();

  @Override
  void close();
}
