package mpdp.app.plot;

import java.awt.AWTError;
import java.awt.image.BufferedImage;
import mpdp.MpdpException;

/** Whether Java can write into pictures here: without fonts, or what finds them, it cannot. */
public final class Fonts {
  private Fonts() {}

  /**
   * Writes a letter.
   *
   * @throws MpdpException with why that fails here, and what to install
   */
  public static void require() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    try {
      image.createGraphics().drawString("x", 0, 1);
    } catch (RuntimeException | LinkageError | InternalError | AWTError failure) {
      // Which of them depends on the JDK, on what is missing, and on whether it is the first try.
      throw new MpdpException(
          "Java finds no fonts to write with ("
              + failure
              + "); install some: apt-get install fontconfig fonts-dejavu-core",
          failure);
    }
  }
}
