package mpdp;

import java.util.Arrays;
import java.util.Collection;

/** Finds the name that somebody who mistyped probably meant. */
public final class Nearest {
  private Nearest() {}

  /**
   * The candidate with the least edit distance; the first of them where several are as near.
   *
   * @throws IllegalArgumentException if there is no candidate
   */
  public static String to(String typed, Collection<String> candidates) {
    String best = "";
    int least = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      int distance = distance(typed, candidate);
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    if (least == Integer.MAX_VALUE) {
      throw new IllegalArgumentException("no candidates");
    }
    return best;
  }

  /** Levenshtein distance: insertions, deletions and replacements of one character. */
  static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    Arrays.setAll(above, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
