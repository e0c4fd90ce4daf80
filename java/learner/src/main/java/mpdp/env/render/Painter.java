package mpdp.env.render;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Comparator;

/** Draws capsules (see {@link mpdp.env.VectorEnvironment#capsules}) over a ground that moves by. */
final class Painter {
  static final int WIDTH = 480;
  static final int HEIGHT = 270;

  private static final Color SKY = new Color(0xf4f5f7);
  private static final Color GROUND = new Color(0xd8dce2);
  private static final Color MARK = new Color(0xb0b6c0);
  private static final Color OUTLINE = new Color(0x3a2a1c);
  private static final Color BODY = new Color(0xcc9966);
  private static final Palette PALETTE = new Palette(SKY, GROUND, MARK, OUTLINE, BODY);
  private static final double GROUND_LINE = 0.82;
  private static final double FILLED = 0.55;
  private static final int MARKS = 40;

  private final View view;
  private final double scale;

  /** Picks the view and the scale (pixels per metre) that suit the first picture. */
  Painter(double[] capsules) {
    view = View.of(capsules);
    double extent = 0.5;
    double[] centre = centre(capsules);
    for (int at = 0; at < capsules.length; at += 7) {
      for (int end = at; end <= at + 3; end += 3) {
        double x = capsules[end] - centre[0];
        double y = capsules[end + 1] - centre[1];
        double up = view.up(x, y, capsules[end + 2]);
        extent = Math.max(extent, Math.max(Math.abs(view.right(x, y)), Math.abs(up)));
      }
    }
    scale = FILLED * HEIGHT / extent;
  }

  /** One picture of the capsules (n, 7), the camera level with their middle. */
  BufferedImage paint(double[] capsules) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(SKY);
    graphics.fillRect(0, 0, WIDTH, HEIGHT);
    double[] centre = centre(capsules);
    if (view.tilt() == 0) {
      ground(graphics, centre[0]);
    } else {
      grid(graphics, centre);
    }
    int count = capsules.length / 7;
    Integer[] order = new Integer[count];
    Arrays.setAll(order, k -> 7 * k);
    Arrays.sort(order, Comparator.comparingDouble(at -> depth(capsules, at, centre)));
    for (int at : order) {
      capsule(graphics, capsules, at, centre);
    }
    graphics.dispose();
    return PALETTE.reduce(image);
  }

  private void ground(Graphics2D graphics, double middle) {
    double line = GROUND_LINE * HEIGHT;
    graphics.setColor(GROUND);
    graphics.fillRect(0, (int) line, WIDTH, HEIGHT);
    graphics.setColor(MARK);
    for (int k = -MARKS; k <= MARKS; k++) {
      double x = WIDTH / 2.0 + (Math.floor(middle) + 0.5 * k - middle) * scale;
      graphics.draw(new Line2D.Double(x, line, x, line + 6));
    }
  }

  private void grid(Graphics2D graphics, double[] centre) {
    graphics.setColor(GROUND);
    double x0 = Math.floor(centre[0]) - centre[0];
    double y0 = Math.floor(centre[1]) - centre[1];
    for (int k = -MARKS; k <= MARKS; k++) {
      double x = x0 + k;
      double y = y0 + k;
      line(graphics, x, -MARKS, x, MARKS);
      line(graphics, -MARKS, y, MARKS, y);
    }
  }

  private void line(Graphics2D graphics, double x0, double y0, double x1, double y1) {
    graphics.draw(new Line2D.Double(px(x0, y0), py(x0, y0, 0), px(x1, y1), py(x1, y1, 0)));
  }

  private void capsule(Graphics2D graphics, double[] capsules, int at, double[] centre) {
    double x0 = capsules[at] - centre[0];
    double y0 = capsules[at + 1] - centre[1];
    double x1 = capsules[at + 3] - centre[0];
    double y1 = capsules[at + 4] - centre[1];
    Line2D axis =
        new Line2D.Double(
            px(x0, y0), py(x0, y0, capsules[at + 2]), px(x1, y1), py(x1, y1, capsules[at + 5]));
    if (axis.getP1().distance(axis.getP2()) < 1e-3) {
      // Java2D draws no caps on a line without a length.
      axis.setLine(axis.getX1(), axis.getY1(), axis.getX1() + 1e-2, axis.getY1());
    }
    float thickness = (float) (2 * capsules[at + 6] * scale);
    stroke(graphics, axis, thickness + 2, OUTLINE);
    stroke(graphics, axis, thickness, BODY);
  }

  private static void stroke(Graphics2D graphics, Line2D axis, float thickness, Color color) {
    graphics.setStroke(new BasicStroke(thickness, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.setColor(color);
    graphics.draw(axis);
  }

  private double px(double x, double y) {
    return WIDTH / 2.0 + view.right(x, y) * scale;
  }

  private double py(double x, double y, double z) {
    double line = view.tilt() > 1 ? 0.5 : GROUND_LINE;
    return line * HEIGHT - view.up(x, y, z) * scale;
  }

  private double depth(double[] capsules, int at, double[] centre) {
    return view.depth(
        (capsules[at] + capsules[at + 3]) / 2 - centre[0],
        (capsules[at + 1] + capsules[at + 4]) / 2 - centre[1],
        (capsules[at + 2] + capsules[at + 5]) / 2);
  }

  /** The mean of all ends in x and y. */
  private static double[] centre(double[] capsules) {
    double[] sum = new double[2];
    for (int at = 0; at < capsules.length; at += 7) {
      sum[0] += capsules[at] + capsules[at + 3];
      sum[1] += capsules[at + 1] + capsules[at + 4];
    }
    double ends = Math.max(1, 2.0 * capsules.length / 7);
    return new double[] {sum[0] / ends, sum[1] / ends};
  }
}
