package mpdp.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.backend.op.Clamp;
import mpdp.backend.op.Copy;
import mpdp.backend.op.Fill;
import mpdp.backend.op.FloatProducts;
import mpdp.backend.op.GaussianNll;
import mpdp.backend.op.MlpBackward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Op;
import mpdp.backend.op.OpEncoding;
import mpdp.backend.op.Operation;
import mpdp.backend.op.RowMode;
import mpdp.tensor.Buffer;
import mpdp.tensor.HostArena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the ops of a program wait for. */
class DependenciesTest {
  private final HostArena arena = new HostArena("order");
  private final Buffer a = arena.allocate(100);
  private final Buffer b = arena.allocate(100);
  private final Buffer c = arena.allocate(100);
  private final Buffer d = arena.allocate(100);

  @AfterEach
  void close() {
    arena.close();
  }

  private static List<List<Integer>> order(Operation... operations) {
    return Dependencies.of(Stream.of(operations).map(DependenciesTest::touched).toList()).stream()
        .map(after -> Arrays.stream(after).boxed().toList())
        .toList();
  }

  private static List<MemoryRange> touched(Operation operation) {
    return MemoryRange.of(operation, KernelLaunch.block(operation.op().id(), 32));
  }

  /** What each launch of {@code operation} touches. */
  private static List<List<MemoryRange>> launches(Operation operation) {
    return OpLaunches.of(operation, CudaLimits.H100).launches().stream()
        .map(launch -> MemoryRange.of(operation, launch))
        .toList();
  }

  private static Copy copy(Buffer source, Buffer target) {
    return new Copy(Math.min(source.words(), target.words()), source, target);
  }

  @Test
  void aReadWaitsForTheWrite() {
    assertThat(order(copy(a, b), copy(b, c))).containsExactly(List.of(), List.of(0));
  }

  @Test
  void aWriteWaitsForEveryReadBefore() {
    assertThat(order(copy(a, b), copy(a, c), new Fill(100, 0, a)))
        .containsExactly(List.of(), List.of(), List.of(0, 1));
  }

  @Test
  void aWriteWaitsForTheWriteBefore() {
    assertThat(order(new Fill(1, 0, a), new Fill(1, 1, a))).containsExactly(List.of(), List.of(0));
  }

  @Test
  void anUpdateReadsAndWrites() {
    assertThat(order(new Clamp(1, 0, 1, a), new Clamp(1, 0, 1, a), copy(a, b)))
        .containsExactly(List.of(), List.of(0), List.of(1));
  }

  @Test
  void readersAndStrangersRunAtOnce() {
    assertThat(order(copy(a, b), copy(a, c), new Fill(100, 0, d)))
        .containsExactly(List.of(), List.of(), List.of());
  }

  @Test
  void viewsCountByTheirAddresses() {
    Buffer front = a.slice(0, 50);
    Buffer back = a.slice(50, 50);
    assertThat(order(new Fill(50, 0, front), new Fill(50, 0, back), copy(a.slice(49, 2), b)))
        .containsExactly(List.of(), List.of(), List.of(0, 1));
  }

  @Test
  void whatAnotherWaitsForIsLeftOut() {
    assertThat(order(copy(a, b), copy(b, c), copy(c, a)))
        .containsExactly(List.of(), List.of(0), List.of(1));
  }

  /** Rows, weights, and two readers: of dx and of dParameters. */
  @Test
  void whoeverWaitsForInputGradientsDoesNotWaitForParameters() {
    MlpShape shape = new MlpShape(1, 2, 8, 1, 2, MlpShape.Activation.RELU, false);
    Buffer dx = arena.allocate(8);
    Buffer dParameters = arena.allocate(shape.parameterWords());
    MlpBackward backward =
        new MlpBackward(
            shape,
            4,
            RowMode.SHARED,
            0,
            1,
            false,
            false,
            a,
            arena.allocate(shape.parameterWords()),
            arena.allocate(shape.tapeWords(1, 4)),
            b,
            null,
            null,
            arena.allocate(shape.scratchWords(1, 4)),
            dParameters,
            dx);
    List<List<MemoryRange>> touched = new ArrayList<>(launches(backward));
    touched.add(touched(copy(dx, c)));
    touched.add(touched(copy(dParameters, d)));
    assertThat(Dependencies.of(touched))
        .containsExactly(new int[0], new int[] {0}, new int[] {0}, new int[] {1});
  }

  /** The way back through the network begins while the loss is being added up. */
  @Test
  void whoeverWaitsForHeadGradientsDoesNotWaitForTheLoss() {
    Buffer loss = arena.allocate(2);
    Buffer dHeads = arena.allocate(24);
    Buffer dBounds = arena.allocate(6);
    GaussianNll nll =
        new GaussianNll(
            2, 2, 3, false, 0.01f, a, b, c, null, loss, arena.allocate(2), dHeads, dBounds);
    MemoryRange scratch = new MemoryRange(1, 2, true);
    List<List<MemoryRange>> touched = new ArrayList<>();
    for (List<MemoryRange> operands : launches(nll)) {
      touched.add(Stream.concat(operands.stream(), Stream.of(scratch)).toList());
    }
    touched.add(touched(copy(dHeads, d)));
    touched.add(touched(copy(loss, arena.allocate(2))));
    touched.add(touched(copy(dBounds, arena.allocate(6))));
    touched.add(touched(new Fill(6, 0, c)));
    assertThat(Dependencies.of(touched))
        .containsExactly(
            new int[0], new int[] {0}, new int[] {0}, new int[] {1}, new int[] {1}, new int[] {0});
  }

  /** Of each op the launches together touch all that it has, if its scratch is not left alone. */
  @Test
  void everyOperandIsTouchedByALaunch() {
    for (OpCase opCase : OpCases.all()) {
      try (HostArena operands = new HostArena("case")) {
        Operation operation = opCase.make().apply(opCase.memory(operands));
        Set<String> untouched = new HashSet<>(names(operation));
        for (Launch launch : OpLaunches.of(operation, CudaLimits.H100).launches()) {
          untouched.retainAll(launch.untouched());
        }
        boolean leavesScratch = operation instanceof MlpBackward op && op.dParameters() == null;
        assertThat(untouched)
            .as("%s", opCase)
            .isEqualTo(leavesScratch ? Set.of("scratch") : Set.of());
      }
    }
  }

  /** Of the operands that are there. */
  private static List<String> names(Operation operation) {
    return OpEncoding.of(operation).operands().stream()
        .filter(operand -> operand.buffer() != null)
        .map(OpEncoding.Operand::name)
        .toList();
  }

  @Test
  void aLaunchCannotLeaveAloneWhatItsOpDoesNotHave() {
    Fill fill = new Fill(1, 0, a);
    KernelLaunch launch = KernelLaunch.block("fill", 32).without(Set.of("source"));
    assertThatThrownBy(() -> MemoryRange.of(fill, launch))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("fill leaves operand source alone, which fill does not have");
  }

  /** Around a library's products gradients of the rows lie in scratch, whatever is asked for. */
  @Test
  void aLibrarysBackwardPassTouchesScratch() {
    CudaLimits library =
        new CudaLimits(132, 2048, 227 * 1024, FloatProducts.WHOLE, MatrixProvider.CUBLAS);
    int checked = 0;
    for (OpCase opCase : OpCases.of(Op.MLP_BACKWARD)) {
      try (HostArena operands = new HostArena("case")) {
        MlpBackward backward = (MlpBackward) opCase.make().apply(opCase.memory(operands));
        if (LibraryLaunches.takes(backward) && backward.dParameters() == null) {
          MemoryRange scratch = MemoryRange.of(backward.scratch(), true);
          for (Launch launch : OpLaunches.of(backward, library).launches()) {
            if (!launch.kernel().equals("mlp_backward_inputs")) {
              assertThat(MemoryRange.of(backward, launch)).contains(scratch);
              checked++;
            }
          }
        }
      }
    }
    assertThat(checked).isGreaterThan(5);
  }

  /** Whatever may not be swapped is ordered, and nothing else; no edge is left over. */
  @Test
  void randomProgramsAreOrderedExactly() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 200; round++) {
      List<List<MemoryRange>> ranges = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        ranges.add(List.of(range(random), range(random)));
      }
      List<int[]> order = Dependencies.of(ranges);
      List<BitSet> waitsFor = closure(order, -1, -1);
      assertThat(waitsFor).isEqualTo(closure(everyConflict(ranges), -1, -1));
      for (int i = 0; i < 20; i++) {
        for (int j : order.get(i)) {
          assertThat(closure(order, i, j)).as("without %d to %d", j, i).isNotEqualTo(waitsFor);
        }
      }
    }
  }

  private static MemoryRange range(SplittableRandom random) {
    int from = random.nextInt(40);
    return new MemoryRange(from, from + 1 + random.nextInt(4), random.nextInt(3) == 0);
  }

  private static List<int[]> everyConflict(List<List<MemoryRange>> ranges) {
    List<int[]> order = new ArrayList<>();
    for (int i = 0; i < ranges.size(); i++) {
      BitSet before = new BitSet();
      for (int j = 0; j < i; j++) {
        for (MemoryRange one : ranges.get(i)) {
          for (MemoryRange other : ranges.get(j)) {
            boolean apart = one.to() <= other.from() || other.to() <= one.from();
            if (!apart && (one.written() || other.written())) {
              before.set(j);
            }
          }
        }
      }
      order.add(before.stream().toArray());
    }
    return order;
  }

  /**
   * All that each op waits for, directly or not, without the edge from {@code from} to {@code to}.
   */
  private static List<BitSet> closure(List<int[]> order, int to, int from) {
    List<BitSet> all = new ArrayList<>();
    for (int i = 0; i < order.size(); i++) {
      BitSet before = new BitSet();
      for (int j : order.get(i)) {
        if (i != to || j != from) {
          before.set(j);
          before.or(all.get(j));
        }
      }
      all.add(before);
    }
    return all;
  }
}
