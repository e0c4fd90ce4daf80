package mpdp.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * One Markdown document, as far as its links and the length of its lines go.
 *
 * @param file where it lies; links are relative to its folder
 * @param text what it says
 */
record Markdown(Path file, String text) {
  /** Characters of a line of prose; a link's target does not count. */
  static final int WIDTH = 120;

  /** The end of [text](target) and ![text](target), whose text may begin a line before. */
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

  private static final Pattern CODE = Pattern.compile("`[^`]*`");

  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*)");

  static Markdown read(Path file) throws IOException {
    return new Markdown(file, Files.readString(file));
  }

  /**
   * A line for each link to a file or a heading that is not there: where it stands and its target.
   */
  List<String> brokenLinks() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Line line : prose()) {
      for (String target : targets(line.text())) {
        if (!leads(target)) {
          broken.add(file + ":" + line.number() + ": " + target);
        }
      }
    }
    return broken;
  }

  /** A line for each line of prose that is too long; tables and code may be wider. */
  List<String> longLines() {
    return prose().stream()
        .filter(line -> !line.text().startsWith("|"))
        .filter(line -> width(line.text()) > WIDTH)
        .map(line -> file + ":" + line.number() + ": " + width(line.text()) + " characters")
        .toList();
  }

  private static int width(String line) {
    int targets = LINK.matcher(line).results().mapToInt(link -> link.group(1).length()).sum();
    return line.length() - targets;
  }

  private static List<String> targets(String line) {
    String text = CODE.matcher(line).replaceAll("code"); // what looks like a link there is none
    return LINK.matcher(text).results().map((MatchResult link) -> link.group(1)).toList();
  }

  private boolean leads(String target) throws IOException {
    if (target.contains("://")) {
      return true; // tests do not need the network
    }
    int hash = target.indexOf('#');
    if (hash == 0) {
      return anchors().contains(target.substring(1));
    }
    Path to = file.resolveSibling(hash < 0 ? target : target.substring(0, hash)).normalize();
    if (hash < 0 || !Files.isRegularFile(to)) {
      return hash < 0 && Files.exists(to);
    }
    return read(to).anchors().contains(target.substring(hash + 1));
  }

  /** The names by which headings can be linked to, made as GitHub makes them. */
  Set<String> anchors() {
    Set<String> anchors = new HashSet<>();
    for (Line line : prose()) {
      var heading = HEADING.matcher(line.text());
      if (heading.matches()) {
        String anchor = anchor(heading.group(1));
        String numbered = anchor;
        for (int k = 1; !anchors.add(numbered); k++) {
          numbered = anchor + "-" + k;
        }
      }
    }
    return anchors;
  }

  private static String anchor(String heading) {
    String words = heading.replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1").toLowerCase(Locale.ROOT);
    return words.strip().replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }

  private record Line(int number, String text) {}

  /** Everything outside fenced code. */
  private List<Line> prose() {
    List<Line> lines = new ArrayList<>();
    boolean code = false;
    int number = 0;
    for (String text : text().split("\n", -1)) {
      number++;
      if (text.strip().startsWith("```")) {
        code = !code;
      } else if (!code) {
        lines.add(new Line(number, text));
      }
    }
    return lines;
  }
}
