package mpdp.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mpdp.MpdpException;
import mpdp.backend.harness.PolicyStep;
import mpdp.backend.harness.TestBackends;
import mpdp.backend.op.Advance;
import mpdp.backend.op.Operation;
import mpdp.backend.reference.ReferenceBackend;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Members side by side: what runs together, who waits for whom, and that results are the same. */
@Timeout(120)
class BackendGroupTest {
  private static final int MEMBERS = 3;

  private final Counted counted = new Counted();

  static Stream<String> backends() {
    return TestBackends.names();
  }

  @Test
  void equalProgramsRunAsOne() {
    int[] counts = new int[MEMBERS];
    try (BackendGroup group = new BackendGroup(counted, MEMBERS)) {
      group.run(
          i -> {
            try (Counter counter = new Counter(group.member(i), "step")) {
              counter.run(10);
              counts[i] = counter.value();
            }
          });
    }
    assertThat(counts).containsOnly(10);
    assertThat(counted.sizes).hasSize(10).containsOnly(MEMBERS);
  }

  @Test
  void otherProgramsRunByThemselves() {
    try (BackendGroup group = new BackendGroup(counted, MEMBERS)) {
      group.run(
          i -> {
            try (Counter first = new Counter(group.member(i), i == 1 ? "odd" : "even");
                Counter second = new Counter(group.member(i), "same");
                Counter third = new Counter(group.member(i), "same")) {
              first.run(1);
              (i == 2 ? second : third).run(1);
              assertThat(first.value()).isEqualTo(1);
              assertThat(second.value()).isEqualTo(i == 2 ? 1 : 0);
              assertThat(third.value()).isEqualTo(i == 2 ? 0 : 1);
            }
          });
    }
    assertThat(counted.sizes).containsExactly(2, 1, 2, 1);
  }

  @Test
  void membersThatDriftedApartMeetAgain() {
    try (BackendGroup group = new BackendGroup(counted, MEMBERS)) {
      group.run(
          i -> {
            try (Counter model = new Counter(group.member(i), "model");
                Counter update = new Counter(group.member(i), "update")) {
              for (int step = 0; step < 4; step++) {
                model.run(step == 0 && i == 1 ? 3 : 1); // the others are two runs ahead
                update.run(1);
                group.align(i);
              }
              assertThat(update.value()).isEqualTo(4);
            }
          });
    }
    // The first step: 3 models, then 2 updates beside a model, a model, an update; then 3 of each.
    assertThat(counted.sizes).containsExactly(3, 2, 1, 1, 1, 3, 3, 3, 3, 3, 3);
  }

  @Test
  void oneAtATimeUsesTheBackEnd() {
    AtomicInteger inside = new AtomicInteger();
    try (BackendGroup group = new BackendGroup(counted, MEMBERS)) {
      group.run(
          i -> {
            try (Counter counter = new Counter(group.member(i), "step")) {
              for (int run = 0; run < 100; run++) {
                assertThat(inside.incrementAndGet()).isEqualTo(1);
                Thread.onSpinWait();
                inside.decrementAndGet();
                counter.run(1);
              }
            }
          });
    }
  }

  @Test
  void whoEndsOrFailsLeavesTheOthersGoingOn() {
    int[] counts = new int[MEMBERS];
    try (BackendGroup group = new BackendGroup(counted, MEMBERS)) {
      assertThatThrownBy(
              () ->
                  group.run(
                      i -> {
                        try (Counter counter = new Counter(group.member(i), "step")) {
                          for (int run = 0; run < 10; run++) {
                            if (i == 1 && run == 4) {
                              throw new MpdpException("disk full");
                            }
                            counter.run(1);
                            counts[i] = counter.value();
                            group.align(i);
                          }
                        }
                      }))
          .isInstanceOf(MpdpException.class)
          .hasMessage("disk full");
    }
    assertThat(counts).containsExactly(10, 4, 10);
    assertThat(counted.sizes).containsExactly(3, 3, 3, 3, 2, 2, 2, 2, 2, 2);
  }

  @Test
  void aProgramThatFailsFailsForAllWhoRunIt() {
    int[] failed = new int[MEMBERS];
    try (BackendGroup group = new BackendGroup(counted, MEMBERS)) {
      group.run(
          i -> {
            try (Counter counter = new Counter(group.member(i), i == 2 ? "good" : "broken")) {
              try {
                counter.run(1);
              } catch (MpdpException e) {
                failed[i]++;
              }
              assertThat(counter.value()).isEqualTo(i == 2 ? 1 : 0);
            }
          });
    }
    assertThat(failed).containsExactly(1, 1, 0);
  }

  @Test
  void closedProgramsLeaveNothingOpen() {
    try (BackendGroup group = new BackendGroup(counted, 2)) {
      group.run(
          i -> {
            try (Counter counter = new Counter(group.member(i), "step")) {
              counter.run(2);
            }
          });
      assertThat(counted.open).isZero();
    }
  }

  @Test
  void membersWithThreadsOfTheirOwnRunAtOnce() {
    CyclicBarrier allAreHere = new CyclicBarrier(MEMBERS);
    try (BackendGroup group = new BackendGroup(new ReferenceBackend(), MEMBERS)) {
      group.run(
          i -> {
            try {
              allAreHere.await();
            } catch (InterruptedException | BrokenBarrierException e) {
              throw new IllegalStateException(e);
            }
            group.align(i);
          });
      assertThat(group.member(0)).isNotSameAs(group.member(1));
    }
  }

  @Test
  void setUpIsRunAtOnce() {
    try (BackendGroup group = new BackendGroup(counted, 2);
        TensorArena arena = counted.arena("random")) {
      Buffer random = arena.allocate(4);
      group.member(0).run(new Advance(random));
      assertThat(random.getInt(2)).isEqualTo(1);
      assertThat(counted.open).isZero();
    }
  }

  @Test
  void groupsHaveOneTo64Members() {
    assertThatThrownBy(() -> new BackendGroup(counted, 0)).hasMessageContaining("1 to 64");
    assertThatThrownBy(() -> new BackendGroup(counted, 65)).hasMessageContaining("1 to 64");
  }

  /** Seeds 1 to 3 of a policy step, 5 runs each, side by side and one after the other. */
  @ParameterizedTest
  @MethodSource("backends")
  void resultsAreThoseOfEachMemberAlone(String name) {
    List<int[]> together = new ArrayList<>(List.of(new int[0], new int[0], new int[0]));
    try (Backend shared = Backends.open(name, 2);
        BackendGroup group = new BackendGroup(shared, MEMBERS)) {
      group.run(i -> together.set(i, trained(group.member(i), i + 1)));
    }
    try (Backend backend = Backends.open(name, 2)) {
      for (int i = 0; i < MEMBERS; i++) {
        assertThat(together.get(i)).as("member %d", i).isEqualTo(trained(backend, i + 1));
      }
    }
    assertThat(together.get(0)).isNotEqualTo(together.get(1));
  }

  private static int[] trained(Backend backend, int seed) {
    try (TensorArena arena = backend.arena("step")) {
      PolicyStep step = new PolicyStep(arena, seed);
      try (Program program =
          backend.record("step", recorder -> step.operations().forEach(recorder::add))) {
        for (int run = 0; run < 5; run++) {
          program.run();
        }
      }
      return step.parameters().ints();
    }
  }

  /** A program that counts its runs in device memory. */
  private static final class Counter implements AutoCloseable {
    private final TensorArena arena;
    private final Buffer random;
    private final Program program;

    Counter(Backend backend, String label) {
      arena = backend.arena(label);
      random = arena.allocate(4);
      program = backend.record(label, recorder -> recorder.add(new Advance(random)));
    }

    void run(int times) {
      for (int i = 0; i < times; i++) {
        program.run();
      }
    }

    int value() {
      return random.getInt(2);
    }

    @Override
    public void close() {
      program.close();
      arena.close();
    }
  }

  /** The reference back end, which keeps the number of ops of each run; "broken" programs fail. */
  private static final class Counted extends ForwardingBackend {
    private final List<Integer> sizes = new ArrayList<>();
    private int open;

    Counted() {
      super(new ReferenceBackend());
    }

    @Override
    public Program record(String label, Consumer<Recorder> body) {
      open++;
      return new CountedProgram(this, super.record(label, body));
    }
  }

  private record CountedProgram(Counted counted, Program program) implements Program {
    @Override
    public String label() {
      return program.label();
    }

    @Override
    public List<Operation> operations() {
      return program.operations();
    }

    @Override
    public void run() {
      if (label().endsWith("broken")) {
        throw new MpdpException("broken");
      }
      counted.sizes.add(operations().size());
      program.run();
    }

    @Override
    public void close() {
      counted.open--;
      program.close();
    }
  }
}
