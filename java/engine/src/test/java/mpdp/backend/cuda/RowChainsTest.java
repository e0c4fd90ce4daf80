package mpdp.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import mpdp.backend.op.Copy;
import mpdp.backend.op.Draws;
import mpdp.backend.op.FloatProducts;
import mpdp.backend.op.GatherRows;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.Normalize;
import mpdp.backend.op.Operation;
import mpdp.backend.op.RowMode;
import mpdp.backend.op.SquashedGaussian;
import mpdp.backend.op.SquashedGaussianBackward;
import mpdp.tensor.Buffer;
import mpdp.tensor.HostArena;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which ops share a kernel, and which may not. */
class RowChainsTest {
  private static final int ROWS = 256;
  private static final int STATES = 3;
  private static final int ACTIONS = 2;
  private static final int WIDTH = STATES + ACTIONS;

  private final HostArena arena = new HostArena("chains");
  private final Buffer state = rows(STATES);
  private final Buffer head = rows(2 * ACTIONS);
  private final Buffer action = rows(ACTIONS);
  private final Buffer eps = rows(ACTIONS);
  private final Buffer x = rows(WIDTH);
  private final Buffer random = arena.allocate(Draws.WORDS);

  @AfterEach
  void close() {
    arena.close();
  }

  private Buffer rows(int width) {
    return arena.allocate((long) ROWS * width);
  }

  private Operation act(Buffer from) {
    return new SquashedGaussian(
        ROWS, ACTIONS, 0, false, from, random, null, null, action, null, eps);
  }

  private Operation normalize(@Nullable Buffer place) {
    Buffer scale = arena.allocate(WIDTH);
    return new Normalize(ROWS, STATES, ACTIONS, state, action, scale, scale, null, place, x);
  }

  private Operation network(Buffer in, int inputs, Buffer out, int outputs) {
    MlpShape shape = new MlpShape(1, inputs, 8, 1, outputs, MlpShape.Activation.SILU, false);
    Buffer parameters = arena.allocate(shape.parameterWords());
    return new MlpForward(shape, ROWS, RowMode.SHARED, 0, 1, in, parameters, null, null, null, out);
  }

  private static List<String> names(Operation... operations) {
    return RowChains.of(List.of(operations), CudaLimits.H100, 2).stream().map(Step::name).toList();
  }

  @Test
  void whatLiesBetweenTwoNetworksIsOneKernel() {
    List<Step> steps =
        RowChains.of(
            List.of(
                network(state, STATES, head, 2 * ACTIONS),
                act(head),
                normalize(null),
                network(x, WIDTH, head, 2 * ACTIONS)),
            CudaLimits.H100,
            2);
    assertThat(steps.stream().map(Step::name))
        .containsExactly("op mlp_forward", "ops squashed_gaussian, normalize", "op mlp_forward");
    Step chain = steps.get(1);
    assertThat(chain.rows()).isEqualTo(ROWS);
    assertThat(chain.launch().kernels())
        .containsExactly(new KernelLaunch("rows_chain", 128, 1, 1, 256, 256 * Float.BYTES));
    assertThat(chain.links().stream().map(Step.Link::barrier)).containsExactly(false, true);
  }

  @Test
  void opsThatNeedNothingOfEachOtherHaveNoBarrier() {
    Buffer dHead = rows(2 * ACTIONS);
    Buffer one = rows(1);
    Operation network = network(state, STATES, head, 2 * ACTIONS);
    Operation back = new SquashedGaussianBackward(ROWS, ACTIONS, head, x, x, x, one, null, dHead);
    Step chain = RowChains.of(List.of(network, act(head), back), CudaLimits.H100, 2).getLast();
    assertThat(chain.name()).isEqualTo("ops squashed_gaussian, squashed_gaussian_backward");
    assertThat(chain.links().stream().map(Step.Link::barrier)).containsExactly(false, false);
  }

  @Test
  void anOpThatReadsOtherRowsKeepsItsKernel() {
    Buffer index = arena.allocate(ROWS);
    Operation gather = new GatherRows(ROWS, WIDTH, false, x, index, null, rows(WIDTH));
    assertThat(names(normalize(null), gather)).containsExactly("op normalize", "op gather_rows");
  }

  @Test
  void rowsThatAreWrittenElsewhereAreNotReadInTheChain() {
    Operation scatter =
        new GatherRows(ROWS, WIDTH, true, x, arena.allocate(ROWS), null, rows(WIDTH));
    assertThat(names(normalize(null), scatter)).containsExactly("ops normalize, gather_rows");
    assertThat(names(normalize(arena.allocate(ROWS)), scatter))
        .containsExactly("op normalize", "op gather_rows");
  }

  @Test
  void viewsThatAreShiftedByARowAreNotTheSameRows() {
    Buffer longer = arena.allocate((ROWS + 1L) * 2 * ACTIONS);
    Buffer shifted = longer.slice(2 * ACTIONS, 2L * ACTIONS * ROWS);
    Buffer one = rows(1);
    Operation back =
        new SquashedGaussianBackward(ROWS, ACTIONS, head, action, eps, action, one, null, longer);
    assertThat(names(back, act(longer)))
        .containsExactly("ops squashed_gaussian_backward, squashed_gaussian");
    assertThat(names(back, act(shifted)))
        .containsExactly("op squashed_gaussian_backward", "op squashed_gaussian");
  }

  /** It would have the first wait for that network too. */
  @Test
  void anOpThatWaitsForAnotherNetworkKeepsItsKernel() {
    Operation policy = network(state, STATES, head, 2 * ACTIONS);
    Operation other = network(rows(4), 4, state, STATES);
    assertThat(names(policy, other, act(head), normalize(null)))
        .containsExactly(
            "op mlp_forward", "op mlp_forward", "op squashed_gaussian", "op normalize");
  }

  @Test
  void whatNeedsTheFirstIsNotOvertaken() {
    Operation copy = new Copy(ROWS * ACTIONS, action, arena.allocate(ROWS * ACTIONS));
    Operation overwrite = new Copy(ROWS * ACTIONS, eps, action);
    assertThat(names(act(head), copy, normalize(null)))
        .containsExactly("op squashed_gaussian", "op copy", "op normalize");
    assertThat(names(act(head), overwrite, normalize(null)))
        .containsExactly("op squashed_gaussian", "op copy", "op normalize");
  }

  @Test
  void aStrangerInBetweenRunsBefore() {
    Operation stranger = new Copy(4, arena.allocate(4), arena.allocate(4));
    assertThat(names(act(head), stranger, normalize(null)))
        .containsExactly("op copy", "ops squashed_gaussian, normalize");
  }

  @Test
  void strangersOnTheSameRowsStayApart() {
    Buffer dHead = rows(2 * ACTIONS);
    Buffer other = rows(2 * ACTIONS);
    Operation back =
        new SquashedGaussianBackward(ROWS, ACTIONS, other, x, x, x, rows(1), null, dHead);
    assertThat(names(act(head), back))
        .containsExactly("op squashed_gaussian", "op squashed_gaussian_backward");
  }

  /** 128 multiprocessors for 256 rows, but not for more than their blocks hold at once. */
  @Test
  void manyRowsKeepKernelsThatSpreadThem() {
    CudaLimits small = new CudaLimits(2, 2048, 99 * 1024, FloatProducts.WHOLE);
    List<Operation> operations = List.of(act(head), normalize(null));
    assertThat(RowChains.of(operations, small, 2)).hasSize(2);
    assertThat(RowChains.of(operations, CudaLimits.H100, 2)).hasSize(1);
    assertThat(RowChains.of(operations, CudaLimits.H100, 3)).hasSize(2);
    assertThat(RowChains.of(operations, CudaLimits.H100, 0)).hasSize(2);
  }

  @Test
  void kindsAreThoseOfTheKernel() throws IOException {
    String source =
        Files.readString(Path.of(System.getProperty("mpdp.root"), "cuda", "rows_chain.cu"));
    String kinds = source.substring(source.indexOf("enum Kind {"), source.indexOf("};"));
    List<String> names =
        Pattern.compile("k([A-Z]\\w+),")
            .matcher(kinds)
            .results()
            .map(match -> match.group(1).replaceAll("(?<=.)(?=[A-Z])", "_").toUpperCase())
            .toList();
    assertThat(names).isEqualTo(Arrays.stream(ChainOp.values()).map(ChainOp::name).toList());
  }
}
