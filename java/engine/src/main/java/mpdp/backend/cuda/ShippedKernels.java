package mpdp.backend.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import mpdp.MpdpException;

/** The compiled kernels that this jar ships, as {@code cuda/build} made them. */
final class ShippedKernels {
  static final String FATBIN = "kernels.fatbin";

  /**
   * Packed by gzip: the text is five times as long as the machine code, and few drivers need it.
   */
  static final String PTX = "kernels.ptx.gz";

  /** More than any PTX of ours, so that a damaged file cannot fill the memory. */
  static final int MOST_PTX_BYTES = 64 << 20;

  private static final String REMEDY = "build mpdp again, or run cuda/build to make its kernels";

  private ShippedKernels() {}

  /** Machine code of the architectures that {@code cuda/build} names. */
  static byte[] fatbin() {
    return resource(FATBIN);
  }

  /** PTX for the driver to compile, with the zero behind it that ends a C string. */
  static byte[] ptx() {
    byte[] text = unpack(open(PTX));
    return Arrays.copyOf(text, text.length + 1);
  }

  /**
   * What gzip packed into {@code packed}, which is closed.
   *
   * @throws MpdpException if these are no packed bytes, a part of them, other ones than were packed
   *     (their check sum says so), or more than any PTX
   */
  static byte[] unpack(InputStream packed) {
    try (packed;
        GZIPInputStream in = new GZIPInputStream(packed)) {
      byte[] bytes = in.readNBytes(MOST_PTX_BYTES + 1);
      if (bytes.length > MOST_PTX_BYTES) {
        throw new IOException("more than %d MiB".formatted(MOST_PTX_BYTES >> 20));
      }
      return bytes;
    } catch (IOException e) {
      throw damaged(PTX, e);
    }
  }

  /**
   * A file of {@code cuda/build} as it lies in this jar.
   *
   * @throws MpdpException if it is not there
   */
  static byte[] resource(String name) {
    try (InputStream in = open(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw damaged(name, e);
    }
  }

  private static MpdpException damaged(String name, IOException e) {
    String reason = e.getMessage() == null ? "it ends too early" : e.getMessage();
    return new MpdpException(
        "%s in this build is damaged (%s): %s".formatted(name, reason, REMEDY), e);
  }

  private static InputStream open(String name) {
    InputStream in = ShippedKernels.class.getResourceAsStream(name);
    if (in == null) {
      throw new MpdpException("%s is missing from this build: %s".formatted(name, REMEDY));
    }
    return in;
  }
}
