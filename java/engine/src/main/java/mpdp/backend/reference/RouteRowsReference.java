package mpdp.backend.reference;

import mpdp.backend.op.RouteRows;

/** {@link RouteRows}: a counting sort. */
final class RouteRowsReference {
  private RouteRowsReference() {}

  static void run(RouteRows op) {
    PhiloxDraws draws = new PhiloxDraws(op.random(), op.site());
    int present = Operands.present(op.rows(), op.count());
    int[] place = new int[op.members() + 1];
    for (int row = 0; row < present; row++) {
      int root = Operands.root(op.root(), row);
      int member =
          op.kept() == null
              ? Operands.getInt(op.elites(), draws.choice(root, op.eliteCount()))
              : Operands.getInt(op.kept(), root);
      Operands.setInt(op.chosen(), row, member);
      place[member + 1]++;
    }
    for (int member = 0; member <= op.members(); member++) {
      place[member] += member == 0 ? 0 : place[member - 1];
      Operands.setInt(op.offsets(), member, place[member]);
    }
    for (int row = 0; row < present; row++) {
      int at = place[Operands.getInt(op.chosen(), row)]++;
      Operands.setInt(op.order(), at, row);
      if (op.place() != null) {
        Operands.setInt(op.place(), row, at);
      }
    }
  }
}
