package mpdp.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import mpdp.UsageException;
import mpdp.backend.Program;
import mpdp.backend.harness.CaseResult;
import mpdp.backend.harness.OpCase;
import mpdp.backend.harness.OpCases;
import mpdp.backend.harness.Parity;
import mpdp.backend.harness.TestBackends;
import mpdp.backend.op.Copy;
import mpdp.backend.op.CriticTarget;
import mpdp.backend.op.Fill;
import mpdp.backend.op.FloatProducts;
import mpdp.backend.op.GatherRows;
import mpdp.backend.op.Normalize;
import mpdp.backend.op.NormalizeBackward;
import mpdp.backend.op.Operation;
import mpdp.backend.op.SquashedGaussian;
import mpdp.backend.op.SquashedGaussianBackward;
import mpdp.tensor.Buffer;
import mpdp.tensor.HostArena;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The kernel of chains gives what the ops' own kernels give. */
class CudaChainsTest {
  private static final int ROWS = 37;
  private static final int WIDTH = 4;

  /** Blocks get several rows. */
  private static final CudaLimits FEW = new CudaLimits(9, 2048, 99 * 1024, FloatProducts.WHOLE);

  @BeforeEach
  void needsADevice() {
    TestBackends.names();
    assumeTrue(CudaBackend.status().available(), CudaBackend.status().detail());
  }

  @AfterEach
  void forget() {
    System.clearProperty(CudaBackend.CHAIN_PROPERTY);
  }

  private static CudaBackend backend(int shortest) {
    System.setProperty(CudaBackend.CHAIN_PROPERTY, Integer.toString(shortest));
    return new CudaBackend();
  }

  /** Every case of an op that may be part of a chain, as a chain of one. */
  @Test
  void chainsOfOneAgreeWithTheReference() {
    Set<ChainOp> checked = EnumSet.noneOf(ChainOp.class);
    try (CudaBackend backend = backend(1)) {
      for (OpCase opCase : OpCases.all()) {
        ChainOp kind = ChainOp.of(opCase.op());
        if (kind != null && isChain(opCase)) {
          Parity.check(CaseResult.expected(opCase), CaseResult.of(opCase, backend), "chain");
          checked.add(kind);
        }
      }
    }
    assertThat(checked).containsExactlyInAnyOrder(ChainOp.values());
  }

  private static boolean isChain(OpCase opCase) {
    try (HostArena arena = new HostArena("case")) {
      Operation operation = opCase.make().apply(opCase.memory(arena));
      return RowChains.of(List.of(operation), CudaLimits.H100, 1).getFirst().chain();
    }
  }

  @Test
  void randomProgramsLeaveTheSameBits() {
    int chains = 0;
    try (CudaBackend apart = backend(0);
        CudaBackend together = backend(2)) {
      for (int seed = 0; seed < 60; seed++) {
        chains += compare(seed, apart, together);
      }
    }
    assertThat(chains).as("launches saved").isGreaterThan(100);
  }

  private static int compare(int seed, CudaBackend apart, CudaBackend together) {
    try (TensorArena one = apart.arena("apart");
        TensorArena other = together.arena("together");
        RandomProgram expected = new RandomProgram(seed, apart, one);
        RandomProgram actual = new RandomProgram(seed, together, other)) {
      for (int run = 0; run < 2; run++) {
        expected.program.run();
        actual.program.run();
        for (int i = 0; i < expected.memory.size(); i++) {
          assertThat(actual.memory.get(i).ints())
              .as("seed %d, buffer %d after %s", seed, i, actual.operations)
              .isEqualTo(expected.memory.get(i).ints());
        }
      }
      return expected.program.launches() - actual.program.launches();
    }
  }

  /** By one of two launches at the latest: in every other one the last thread runs first. */
  @Test
  void aBarrierThatIsMissingIsFound() {
    assumeTrue(CudaBackend.status().detail().startsWith("emulator"), "a GPU may be lucky");
    assertThat(acted(true)).isTrue();
    assertThat(acted(true)).isTrue();
    assertThat(acted(false) && acted(false)).isFalse();
  }

  /** Whether the second op of a chain saw all that the first one wrote. */
  private static boolean acted(boolean barrier) {
    try (CudaBackend backend = backend(2);
        TensorArena arena = backend.arena("chain");
        Arena parameters = Arena.ofShared()) {
      Buffer zeros = arena.allocate(2L * ROWS * WIDTH);
      zeros.write(new float[2 * ROWS * WIDTH]);
      Buffer ones = arena.allocate(2 * WIDTH);
      ones.write(1, 1, 1, 1, 1, 1, 1, 1f);
      Buffer head = arena.allocate(2L * ROWS * WIDTH);
      head.write(new float[2 * ROWS * WIDTH]);
      Buffer action = arena.allocate(ROWS * WIDTH);
      float[] stale = new float[ROWS * WIDTH];
      Arrays.fill(stale, 7);
      action.write(stale);
      Buffer eps = arena.allocate(ROWS * WIDTH);
      Buffer x = arena.allocate(2L * ROWS * WIDTH);
      Buffer state = zeros.slice(0, ROWS * WIDTH);
      Buffer mean = zeros.slice(0, 2 * WIDTH);
      // Of a row of x the action is made by other threads than the action itself.
      List<Operation> operations =
          List.of(
              new SquashedGaussian(
                  ROWS, WIDTH, 0, true, head, zeros, null, null, action, null, eps),
              new Normalize(ROWS, WIDTH, WIDTH, state, action, mean, ones, null, null, x));
      Step chain = RowChains.of(operations, FEW, 2).getFirst();
      assertThat(chain.links().getLast().barrier()).isTrue();
      List<Step.Link> links =
          chain.links().stream()
              .map(link -> new Step.Link(link.operation(), link.sharedAt(), barrier))
              .toList();
      Step changed = new Step(links, true, ROWS, chain.launch());
      OpCalls calls = new OpCalls("chain", changed, backend, 0, parameters);
      assertThat(calls.launch(backend.cudaDevice().stream())).isZero();
      backend.finish();
      // Heads of 0 act 0.
      return Arrays.equals(x.ints(), zeros.ints());
    }
  }

  @Test
  void aLengthThatNoChainHasIsRefused() {
    System.setProperty(CudaBackend.CHAIN_PROPERTY, "7");
    assertThatThrownBy(CudaBackend::new)
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("-Dmpdp.cuda.chain=7: choose a number of ops from 1 to 6, or 0");
  }

  /** Ops on rows and others, on few buffers that all have reasons to share. */
  private static final class RandomProgram implements AutoCloseable {
    final List<Buffer> memory = new ArrayList<>();
    final List<Operation> operations = new ArrayList<>();
    final Program program;
    private final Random random;
    private final Buffer draws;
    private final Buffer index;
    private final Buffer scale;

    RandomProgram(int seed, CudaBackend backend, TensorArena arena) {
      random = new Random(seed);
      for (int i = 0; i < 8; i++) {
        Buffer buffer = arena.allocate((ROWS + 1) * 2 * WIDTH);
        buffer.write(normals((ROWS + 1) * 2 * WIDTH));
        memory.add(buffer);
      }
      draws = arena.allocate(4);
      draws.write(seed, 1, 2, 3);
      index = arena.allocate(ROWS);
      List<Integer> order = new ArrayList<>();
      for (int row = 0; row < ROWS; row++) {
        order.add(row);
      }
      Collections.shuffle(order, random);
      index.write(order.stream().mapToInt(Integer::intValue).toArray());
      scale = arena.allocate(2 * WIDTH);
      scale.write(normals(2 * WIDTH));
      for (int i = 0; i < 14; i++) {
        operations.add(operation());
      }
      program = backend.record("random", recorder -> operations.forEach(recorder::add));
    }

    private float[] normals(int count) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return values;
    }

    /** Different buffers, some of them a row further on. */
    private Buffer[] pick() {
      List<Buffer> buffers = new ArrayList<>(memory);
      Collections.shuffle(buffers, random);
      return buffers.stream()
          .map(b -> random.nextInt(8) == 0 ? b.slice(WIDTH, b.words() - WIDTH) : b)
          .toArray(Buffer[]::new);
    }

    private static Buffer rows(Buffer buffer, int width) {
      return buffer.slice(0, (long) ROWS * width);
    }

    private Operation operation() {
      Buffer[] b = pick();
      Buffer one = rows(b[0], WIDTH);
      Buffer two = rows(b[1], WIDTH);
      Buffer three = rows(b[2], WIDTH);
      Buffer wide = rows(b[3], 2 * WIDTH);
      Buffer row = rows(b[4], 1);
      return switch (random.nextInt(9)) {
        case 0, 1 ->
            new SquashedGaussian(ROWS, WIDTH, 3, false, wide, draws, null, null, one, row, two);
        case 2 ->
            new SquashedGaussianBackward(
                ROWS, WIDTH, wide, one, two, three, row, null, rows(b[5], 2 * WIDTH));
        case 3, 4 ->
            new Normalize(
                ROWS,
                WIDTH,
                WIDTH,
                one,
                two,
                scale,
                scale,
                null,
                random.nextInt(3) == 0 ? index : null,
                wide);
        case 5 ->
            new NormalizeBackward(
                ROWS, WIDTH, WIDTH, random.nextBoolean(), true, wide, scale, null, null, one, two);
        case 6 -> new GatherRows(ROWS, WIDTH, random.nextBoolean(), one, index, null, two);
        case 7 ->
            new CriticTarget(
                ROWS,
                2,
                0.5f,
                rows(b[0], 2),
                row,
                scale.slice(0, 1),
                rows(b[1], 1),
                rows(b[2], 1),
                rows(b[3], 1));
        default ->
            random.nextBoolean()
                ? new Copy(ROWS, one.slice(0, ROWS), two.slice(0, ROWS))
                : new Fill(ROWS, 0.5f, one.slice(0, ROWS));
      };
    }

    @Override
    public void close() {
      program.close();
    }
  }
}
