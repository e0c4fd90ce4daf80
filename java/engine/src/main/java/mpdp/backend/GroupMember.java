package mpdp.backend;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import mpdp.backend.op.Operation;
import org.jspecify.annotations.Nullable;

/**
 * A member's view of its group's back end, whose busy time is that of all members. All but the turn
 * belongs to whoever has the turn.
 */
final class GroupMember extends ForwardingBackend {
  private final BackendGroup group;
  private final int index;
  private final Semaphore turn = new Semaphore(0);
  private final Map<String, Integer> recorded = new HashMap<>();
  private BackendGroup.State state = BackendGroup.State.READY;
  private @Nullable GroupProgram program;
  private @Nullable Throwable failure;

  GroupMember(BackendGroup group, Backend backend, int index) {
    super(backend);
    this.group = group;
    this.index = index;
  }

  int index() {
    return index;
  }

  /** This member in a set of members. */
  long bit() {
    return 1L << index;
  }

  BackendGroup.State state() {
    return state;
  }

  void state(BackendGroup.State next) {
    state = next;
  }

  void giveTurn() {
    turn.release();
  }

  void awaitTurn() {
    turn.acquireUninterruptibly();
  }

  /** The program that it runs next; it has to be waiting. */
  GroupProgram program() {
    return Objects.requireNonNull(program);
  }

  /** Its program failed: {@link #run(GroupProgram)} will throw this. */
  void fail(Throwable cause) {
    failure = cause;
  }

  /** Runs the program when all others wait, too. */
  void run(GroupProgram wanted) {
    program = wanted;
    group.pause(this, BackendGroup.State.WAITING);
    program = null;
    if (failure != null) {
      Throwable cause = failure;
      failure = null;
      throw BackendGroup.unchecked(cause);
    }
  }

  @Override
  public Program record(String label, Consumer<Recorder> body) {
    Program alone = super.record(label, body);
    int earlier = recorded.merge(label, 1, Integer::sum);
    return new GroupProgram(this, alone, group.joined(label + " " + earlier));
  }

  /** At once and alone: work of set-up is not worth joining. */
  @Override
  public void run(Operation operation) {
    try (Program alone = super.record(operation.op().id(), recorder -> recorder.add(operation))) {
      alone.run();
    }
  }
}
