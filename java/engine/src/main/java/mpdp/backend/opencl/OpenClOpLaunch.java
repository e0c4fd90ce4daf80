package mpdp.backend.opencl;

import java.util.List;

/**
 * How a device runs one op.
 *
 * @param launches in order
 * @param scratchWords words of scratch memory that they share; what earlier ops left in it is gone
 */
record OpenClOpLaunch(List<OpenClLaunch> launches, long scratchWords) {
  static OpenClOpLaunch of(OpenClLaunch... launches) {
    return new OpenClOpLaunch(List.of(launches), 0);
  }

  OpenClOpLaunch withScratch(long words) {
    return new OpenClOpLaunch(launches, words);
  }
}
