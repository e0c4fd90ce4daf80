package mpdp.env.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import mpdp.MpdpException;
import mpdp.env.TaskOptions;
import mpdp.env.Tasks;
import mpdp.env.VectorEnvironment;
import mpdp.env.mujoco.MujocoInfo;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EpisodeVideoTest {
  @TempDir private Path folder;

  /** Pictures at 25 a second of so many steps. */
  @ParameterizedTest
  @CsvSource({
    "Pendulum-v1,8,9",
    "Hopper-v5,25,5",
    "Swimmer-v5,6,6",
    "Ant-v5,4,4",
    "Humanoid-v5,8,3"
  })
  void showsAnEpisodeInRealTime(String id, int steps, int pictures) throws IOException {
    Path file = folder.resolve(id + ".gif");
    record(id, steps, file);
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
      reader.setInput(in);
      assertThat(reader.getNumImages(true)).isEqualTo(pictures);
      BufferedImage image = reader.read(pictures - 1);
      assertThat(image.getWidth()).isEqualTo(Painter.WIDTH);
      assertThat(bodyPixels(image)).isBetween(200, Painter.WIDTH * Painter.HEIGHT / 3);
    }
    assertThat(folder.toFile().list()).containsExactly(id + ".gif");
  }

  private static void record(String id, int steps, Path file) {
    if (!id.startsWith("Pendulum")) {
      try {
        MujocoInfo.version();
      } catch (MpdpException e) {
        Assumptions.abort(e.getMessage());
      }
    }
    try (VectorEnvironment environment = Tasks.create(id, TaskOptions.defaults(), 2, 1);
        EpisodeVideo video = new EpisodeVideo(file)) {
      environment.reset(1);
      for (int t = 0; t < steps; t++) {
        video.frame(environment, 1);
        environment.step();
      }
    }
  }

  /** The body is the only thing that is more red than blue. */
  private static int bodyPixels(BufferedImage image) {
    int count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int rgb = image.getRGB(x, y);
        count += (rgb >> 16 & 0xff) - (rgb & 0xff) > 40 ? 1 : 0;
      }
    }
    return count;
  }

  @Test
  void aFilmWithoutPicturesLeavesTheEarlierOne() throws IOException {
    Path file = Files.writeString(folder.resolve("a.gif"), "earlier");
    new EpisodeVideo(file).close();
    assertThat(file).hasContent("earlier");
    assertThat(folder.toFile().list()).containsExactly("a.gif");
  }

  @Test
  void saysWhereItCannotWrite() throws IOException {
    Path file = Files.createFile(folder.resolve("a")).resolve("b.gif");
    assertThatThrownBy(() -> new EpisodeVideo(file))
        .isInstanceOf(MpdpException.class)
        .hasMessageContaining("b.gif");
    Path taken = Files.createDirectory(folder.resolve("c.gif"));
    assertThatThrownBy(() -> new EpisodeVideo(taken)).hasMessageContaining("it is a folder");
  }
}
