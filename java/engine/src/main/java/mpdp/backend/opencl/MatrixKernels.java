package mpdp.backend.opencl;

import java.util.List;
import java.util.Locale;

/**
 * Which kernels multiply matrices on a device.
 *
 * @param variant the kernels
 * @param units compute units that share the work
 * @param localWords 4-byte words of local memory that a work group may use
 */
record MatrixKernels(Variant variant, int units, long localWords) {
  /** Kernels that give the same products, to the bit. */
  enum Variant {
    /** CPUs with 16 vector registers: register blocks of 6 rows. */
    PANEL_6(6),
    /** CPUs with 32 vector registers: register blocks of 12 rows. */
    PANEL_12(12),
    /** GPUs: tiles of 64 x 64 in local memory. */
    TILE(0);

    private final int blockRows;

    Variant(int blockRows) {
      this.blockRows = blockRows;
    }

    /** What the compiler is told. */
    String options() {
      return " -DWORDS=" + words() + (blockRows == 0 ? "" : " -DBLOCK_ROWS=" + blockRows);
    }

    /** Words that an item of an elementwise kernel takes: see words.clh. */
    int words() {
      return this == TILE ? 1 : 16;
    }

    /** Its name in the doctor's report and in {@link MatrixKernelChoice#PROPERTY}. */
    String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The variants that make sense on a type of device. */
    static List<Variant> of(OpenClDevice.Type type) {
      return type == OpenClDevice.Type.CPU ? List.of(PANEL_6, PANEL_12) : List.of(TILE);
    }
  }
}
