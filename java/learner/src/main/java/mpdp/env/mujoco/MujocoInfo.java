package mpdp.env.mujoco;

import mpdp.MpdpException;

/** Which MuJoCo this build runs on. */
public final class MujocoInfo {
  private MujocoInfo() {}

  /**
   * The version, for example {@code 2.2.2} or {@code 3.14.0}.
   *
   * @throws MpdpException if MuJoCo or the native stepper is missing, or is not the version that
   *     the stepper was built for; the message says what to do
   */
  public static String version() {
    int header;
    int library;
    try {
      header = (int) NativeMujoco.HEADER_VERSION.invokeExact();
      library = (int) NativeMujoco.LIBRARY_VERSION.invokeExact();
    } catch (ExceptionInInitializerError e) {
      if (e.getCause() instanceof MpdpException missing) {
        failure = String.valueOf(missing.getMessage());
        throw missing;
      }
      throw e;
    } catch (NoClassDefFoundError e) {
      // The second use of a class whose first use failed.
      throw new MpdpException(failure, e);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (header != library) {
      throw new MpdpException(
          "built for MuJoCo "
              + text(header)
              + " but "
              + text(library)
              + " is installed; build again");
    }
    return text(library);
  }

  private static volatile String failure = "MuJoCo could not be loaded";

  /** MuJoCo writes 2.2.2 as 222, and 3.14.0 as 3014000. */
  static String text(int version) {
    return version < 1000
        ? version / 100 + "." + version / 10 % 10 + "." + version % 10
        : version / 1_000_000 + "." + version / 1000 % 1000 + "." + version % 1000;
  }
}
