package mpdp.env.render;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/** Writes an animated GIF that plays for ever. */
final class GifWriter implements AutoCloseable {
  private static final String FORMAT = "javax_imageio_gif_image_1.0";

  private final ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
  private final ImageOutputStream stream;
  private final int delay;

  /**
   * @param delay time between pictures in hundredths of a second; viewers slow down below 2
   */
  GifWriter(Path file, int delay) throws IOException {
    this.delay = delay;
    this.stream = ImageIO.createImageOutputStream(Files.newOutputStream(file));
    writer.setOutput(stream);
    writer.prepareWriteSequence(null);
  }

  void add(BufferedImage image) throws IOException {
    ImageTypeSpecifier type = ImageTypeSpecifier.createFromRenderedImage(image);
    IIOMetadata metadata = writer.getDefaultImageMetadata(type, writer.getDefaultWriteParam());
    metadata.mergeTree(FORMAT, timing());
    writer.writeToSequence(new IIOImage(image, null, metadata), null);
  }

  private IIOMetadataNode timing() throws IIOInvalidTreeException {
    IIOMetadataNode control = new IIOMetadataNode("GraphicControlExtension");
    control.setAttribute("disposalMethod", "none");
    control.setAttribute("userInputFlag", "FALSE");
    control.setAttribute("transparentColorFlag", "FALSE");
    control.setAttribute("transparentColorIndex", "0");
    control.setAttribute("delayTime", Integer.toString(delay));
    IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
    loop.setAttribute("applicationID", "NETSCAPE");
    loop.setAttribute("authenticationCode", "2.0");
    loop.setUserObject(new byte[] {1, 0, 0});
    IIOMetadataNode loops = new IIOMetadataNode("ApplicationExtensions");
    loops.appendChild(loop);
    IIOMetadataNode root = new IIOMetadataNode(FORMAT);
    root.appendChild(control);
    root.appendChild(loops);
    return root;
  }

  @Override
  public void close() throws IOException {
    writer.endWriteSequence();
    stream.close();
    writer.dispose();
  }
}
