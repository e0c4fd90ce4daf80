package mpdp.backend;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One back end for several members that do like work side by side, as the seeds of an experiment
 * do. Each member has a thread and a back end to itself. Where threads can be divided, that is a
 * part of them, and members run at once ({@link Backend#divide}).
 *
 * <p>Otherwise it is a view of the one back end, and members take turns. A turn lasts until the
 * member runs a program. When all members wait for one, those that wait for the same one run it as
 * a single program of all their ops: on cuda one launch, whose kernels share the device. Two
 * programs are the same when their members recorded them under one label, as the n-th of that
 * label. What fails then fails for all who run it.
 *
 * <p>A member's results are those that it has alone: nobody else's program writes its memory.
 */
public final class BackendGroup implements AutoCloseable {
  /** Members that a group has at most. */
  public static final int MOST_MEMBERS = Long.SIZE;

  private final Backend backend;
  private final List<Backend> parts;
  private final List<GroupMember> members;
  private final Map<String, List<JoinedProgram>> joined = new HashMap<>();

  /** What a member is doing. */
  enum State {
    /** It goes on when its turn comes. */
    READY,
    /** It is about to run a program. */
    WAITING,
    /** It waits for the others to come to the same place. */
    ALIGNED,
    /** It has ended. */
    GONE
  }

  /** Programs of the members in {@code mask} that run as one. */
  record JoinedProgram(long mask, Program program) {}

  /**
   * Shares {@code backend}, which the caller closes, after the group.
   *
   * @param count members, from 1 to 64
   */
  public BackendGroup(Backend backend, int count) {
    if (count < 1 || count > MOST_MEMBERS) {
      throw new IllegalArgumentException(
          "a group has 1 to %d members, not %d".formatted(MOST_MEMBERS, count));
    }
    this.backend = backend;
    this.parts = backend.divide(count);
    this.members =
        IntStream.range(0, count).mapToObj(i -> new GroupMember(this, backend, i)).toList();
  }

  /** Member {@code i}'s back end, for the thread that {@link #run} gives it. */
  public Backend member(int i) {
    return parts.isEmpty() ? members.get(i) : parts.get(i);
  }

  /**
   * Runs {@code task} once for each member, with its number, and returns when all have ended. A
   * member that fails leaves the others to go on.
   *
   * @throws RuntimeException what the first one that failed threw; what others threw is suppressed
   */
  public void run(IntConsumer task) {
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads =
        members.stream()
            .map(
                member ->
                    Thread.ofPlatform()
                        .name("member " + member.index())
                        .start(() -> run(member, task, failures)))
            .toList();
    if (parts.isEmpty()) {
      members.getFirst().giveTurn();
    }
    threads.forEach(BackendGroup::join);
    if (!failures.isEmpty()) {
      Throwable first = failures.removeFirst();
      failures.stream().filter(other -> other != first).forEach(first::addSuppressed);
      throw unchecked(first);
    }
  }

  private void run(GroupMember member, IntConsumer task, List<Throwable> failures) {
    if (parts.isEmpty()) {
      member.awaitTurn();
    }
    try {
      task.accept(member.index());
    } catch (RuntimeException | Error failure) {
      failures.add(failure);
    } finally {
      if (parts.isEmpty()) {
        pause(member, State.GONE);
      }
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // the members still use what the caller would close
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until every other member has called this too or has ended, so that members that drifted
   * apart (one trained its model for longer) meet at the same programs again. Members that run at
   * once need not meet, and do not wait.
   */
  public void align(int member) {
    if (parts.isEmpty()) {
      pause(members.get(member), State.ALIGNED);
    }
  }

  /** Gives the turn to the next member that is ready; returns when it comes back. */
  void pause(GroupMember member, State state) {
    member.state(state);
    GroupMember next = nextReady(member);
    if (next == null) {
      settle();
      next = nextReady(member);
    }
    if (next == member) {
      return;
    }
    if (next != null) {
      next.giveTurn();
    }
    if (state != State.GONE) {
      member.awaitTurn();
    }
  }

  /** The next one in a ring, {@code member} itself at last; null when nobody is ready. */
  private @Nullable GroupMember nextReady(GroupMember member) {
    for (int i = 1; i <= members.size(); i++) {
      GroupMember other = members.get((member.index() + i) % members.size());
      if (other.state() == State.READY) {
        return other;
      }
    }
    return null;
  }

  /** Nobody is ready: runs what members wait for, or lets those that are aligned go on. */
  private void settle() {
    long waiting = maskOf(State.WAITING);
    State over = waiting == 0 ? State.ALIGNED : State.WAITING;
    while (waiting != 0) {
      GroupProgram first = members.get(Long.numberOfTrailingZeros(waiting)).program();
      long same = 0;
      for (GroupMember member : members) {
        if ((waiting & member.bit()) != 0 && member.program().joined() == first.joined()) {
          same |= member.bit();
        }
      }
      run(first, same);
      waiting &= ~same;
    }
    for (GroupMember member : members) {
      if (member.state() == over) {
        member.state(State.READY);
      }
    }
  }

  private long maskOf(State state) {
    long mask = 0;
    for (GroupMember member : members) {
      mask |= member.state() == state ? member.bit() : 0;
    }
    return mask;
  }

  private void run(GroupProgram first, long same) {
    try {
      Program program = Long.bitCount(same) == 1 ? first.alone() : together(first, same);
      program.run();
    } catch (RuntimeException | Error failure) {
      for (GroupMember member : members) {
        if ((same & member.bit()) != 0) {
          member.fail(failure);
        }
      }
    }
  }

  private Program together(GroupProgram first, long same) {
    for (JoinedProgram known : first.joined()) {
      if (known.mask() == same) {
        return known.program();
      }
    }
    List<Program> programs =
        members.stream()
            .filter(member -> (same & member.bit()) != 0)
            .map(member -> member.program().alone())
            .toList();
    Program program = backend.join(programs.size() + " x " + first.label(), programs);
    first.joined().add(new JoinedProgram(same, program));
    return program;
  }

  /** What has been joined so far of the programs of that name. */
  List<JoinedProgram> joined(String name) {
    return joined.computeIfAbsent(name, any -> new ArrayList<>());
  }

  static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return (RuntimeException) failure;
  }

  @Override
  public void close() {
    joined.values().forEach(list -> list.forEach(known -> known.program().close()));
    joined.clear();
    parts.forEach(Backend::close);
  }
}
