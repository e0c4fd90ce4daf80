package mpdp.backend.cuda;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import mpdp.backend.op.GaussianNll;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.OpEncoding.Access;
import mpdp.backend.op.Operation;
import mpdp.tensor.Buffer;

/**
 * Which kernels of a program wait for which. A kernel waits for those before it that wrote what it
 * reads or writes, or read what it writes; what is left may run at once, in any order, and gives
 * the same bits.
 */
final class OpOrder {
  /** Kernels of mlp_backward that read scratch and write dParameters, but not dx. */
  static final Pattern PARAMETERS_PHASE = Pattern.compile("mlp_backward_(weights_\\w+|norm)");

  /** Its kernels that write scratch and dx, but not dParameters. */
  static final Pattern ROWS_PHASE =
      Pattern.compile("mlp_backward_(inputs|(routed_)?\\d+_\\d+(_tf32)?)");

  /** The kernel of gaussian_nll that adds up what the first one left in scratch. */
  static final String LIKELIHOOD_SUM = "gaussian_nll_sum";

  /** What only the first one touches, and what only the second one does. */
  private static final Set<String> ELEMENTS = Set.of("heads", "targets", "bounds", "dHeads");

  private static final Set<String> SUMS = Set.of("loss", "squaredError", "dBounds");

  private OpOrder() {}

  /**
   * Memory that a kernel touches: the bytes {@code [from, to)} of device addresses. Buffers may be
   * views of each other, so addresses count, not objects.
   */
  record Span(long from, long to, boolean written) {
    /** Of an operand that is there. */
    static Span of(OpEncoding.Operand operand) {
      return of(Objects.requireNonNull(operand.buffer()), operand.access() != Access.IN);
    }

    static Span of(Buffer buffer, boolean written) {
      return new Span(buffer.address(), buffer.address() + buffer.words() * Float.BYTES, written);
    }

    /** Whether what touches one must wait for what touches the other. */
    boolean orders(Span other) {
      return (written || other.written) && from < other.to && other.from < to;
    }
  }

  /** What {@code kernel} touches of the operands of {@code operation}. */
  static List<Span> spans(Operation operation, String kernel) {
    List<Span> spans = new ArrayList<>();
    for (OpEncoding.Operand operand : OpEncoding.of(operation).operands()) {
      if (operand.buffer() != null && touches(operation, kernel, operand.name())) {
        spans.add(Span.of(operand));
      }
    }
    return spans;
  }

  /**
   * Kernels touch all that their op has, but for those of ops that make one thing before another.
   */
  private static boolean touches(Operation operation, String kernel, String operand) {
    return switch (operation) {
      case MlpBackward op -> touches(op, kernel, operand);
      case GaussianNll op ->
          kernel.equals(LIKELIHOOD_SUM) ? !ELEMENTS.contains(operand) : !SUMS.contains(operand);
      default -> true;
    };
  }

  /**
   * A backward pass makes dx first, and then dParameters from what it left in scratch: whoever
   * waits for dx need not wait for the parameters. Without those, scratch is left alone. What has
   * another name, as around a library's products, touches everything.
   */
  private static boolean touches(MlpBackward backward, String kernel, String operand) {
    boolean parameters = PARAMETERS_PHASE.matcher(kernel).matches();
    boolean rows = ROWS_PHASE.matcher(kernel).matches();
    return switch (operand) {
      case "dx" -> !parameters;
      case "dParameters" -> parameters || !rows;
      case "scratch" -> backward.dParameters() != null || !rows;
      default -> true;
    };
  }

  /**
   * For each kernel the ones that it waits for, ascending. Those that one of them waits for already
   * are left out: a graph's launch pays for every edge.
   *
   * @param spans of each kernel, in the order in which they were recorded
   */
  static List<int[]> of(List<List<Span>> spans) {
    List<int[]> order = new ArrayList<>();
    List<BitSet> before = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      BitSet direct = new BitSet();
      BitSet all = new BitSet();
      // Descending: whatever leads from j to i has been seen when j is looked at.
      for (int j = i - 1; j >= 0; j--) {
        if (!all.get(j) && conflict(spans.get(i), spans.get(j))) {
          direct.set(j);
          all.set(j);
          all.or(before.get(j));
        }
      }
      order.add(direct.stream().toArray());
      before.add(all);
    }
    return order;
  }

  /** Whether one must wait for the other. */
  static boolean conflict(List<Span> one, List<Span> other) {
    for (Span a : one) {
      for (Span b : other) {
        if (a.orders(b)) {
          return true;
        }
      }
    }
    return false;
  }
}
