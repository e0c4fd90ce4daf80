package mpdp.env.render;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;

/**
 * A fixed palette of blends between the colours of a picture. Reducing to it is a table look-up;
 * left to itself the GIF writer works out a palette anew for every picture, which takes far longer
 * than drawing it.
 */
final class Palette {
  private static final int BLENDS = 8;

  /** Colours are looked up by their leading five bits a channel. */
  private static final int BITS = 5;

  private final IndexColorModel model;
  private final byte[] nearest = new byte[1 << 3 * BITS];

  Palette(Color... colors) {
    int pairs = colors.length * (colors.length - 1) / 2;
    byte[][] channels = new byte[3][pairs * BLENDS];
    int at = 0;
    for (int a = 0; a < colors.length; a++) {
      for (int b = 0; b < a; b++) {
        for (int k = 0; k < BLENDS; k++, at++) {
          double share = k / (BLENDS - 1.0);
          channels[0][at] = blend(colors[a].getRed(), colors[b].getRed(), share);
          channels[1][at] = blend(colors[a].getGreen(), colors[b].getGreen(), share);
          channels[2][at] = blend(colors[a].getBlue(), colors[b].getBlue(), share);
        }
      }
    }
    model = new IndexColorModel(8, at, channels[0], channels[1], channels[2]);
    for (int key = 0; key < nearest.length; key++) {
      nearest[key] =
          (byte) closest(channels, middle(key >> 2 * BITS), middle(key >> BITS), middle(key));
    }
  }

  private static byte blend(int from, int to, double share) {
    return (byte) Math.round(from + share * (to - from));
  }

  /** The 8-bit value in the middle of those that share the lowest bits of a key. */
  private static int middle(int key) {
    return (key & (1 << BITS) - 1) << 8 - BITS | 1 << 7 - BITS;
  }

  private static int closest(byte[][] channels, int red, int green, int blue) {
    int best = 0;
    int least = Integer.MAX_VALUE;
    for (int k = 0; k < channels[0].length; k++) {
      int r = (channels[0][k] & 0xff) - red;
      int g = (channels[1][k] & 0xff) - green;
      int b = (channels[2][k] & 0xff) - blue;
      int distance = r * r + g * g + b * b;
      if (distance < least) {
        least = distance;
        best = k;
      }
    }
    return best;
  }

  BufferedImage reduce(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    BufferedImage reduced =
        new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model);
    byte[] out = ((DataBufferByte) reduced.getRaster().getDataBuffer()).getData();
    int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
    int drop = 8 - BITS;
    int mask = (1 << BITS) - 1;
    for (int p = 0; p < pixels.length; p++) {
      int red = pixels[p] >> 16 + drop & mask;
      int green = pixels[p] >> 8 + drop & mask;
      int blue = pixels[p] >> drop & mask;
      out[p] = nearest[red << 2 * BITS | green << BITS | blue];
    }
    return reduced;
  }
}
