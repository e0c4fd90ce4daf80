package mpdp.backend.opencl;

import java.util.List;

/**
 * How a device runs one op.
 *
 * @param launches in order
 * @param scratchWords words of scratch memory that they share; what earlier ops left in it is gone
 */
record Plan(List<Launch> launches, long scratchWords) {
  static Plan of(Launch... launches) {
    return new Plan(List.of(launches), 0);
  }

  Plan withScratch(long words) {
    return new Plan(launches, words);
  }
}
