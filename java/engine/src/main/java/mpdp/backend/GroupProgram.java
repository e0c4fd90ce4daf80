package mpdp.backend;

import java.util.List;
import mpdp.backend.op.Operation;

/**
 * A member's program, which runs together with the others'.
 *
 * @param alone its ops by themselves
 * @param joined what has been joined of this and the same program of others; one list for all
 */
record GroupProgram(GroupMember member, Program alone, List<BackendGroup.JoinedProgram> joined)
    implements Program {

  @Override
  public String label() {
    return alone.label();
  }

  @Override
  public List<Operation> operations() {
    return alone.operations();
  }

  @Override
  public int launches() {
    return alone.launches();
  }

  @Override
  public void run() {
    member.run(this);
  }

  @Override
  public void close() {
    for (BackendGroup.JoinedProgram known : joined) {
      if ((known.mask() & member.bit()) != 0) {
        known.program().close();
      }
    }
    joined.removeIf(known -> (known.mask() & member.bit()) != 0);
    alone.close();
  }
}
