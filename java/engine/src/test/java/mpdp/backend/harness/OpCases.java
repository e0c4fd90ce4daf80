package mpdp.backend.harness;

import java.util.List;
import java.util.stream.Stream;
import mpdp.backend.op.Op;

/** Every case of every op. */
public final class OpCases {
  private static final List<OpCase> ALL =
      Stream.of(
              MlpCases.all(),
              ModelCases.all(),
              PolicyCases.all(),
              RolloutCases.all(),
              CriticCases.all(),
              OptimizerCases.all(),
              ReplayCases.all(),
              SequenceCases.all())
          .flatMap(List::stream)
          .toList();

  private OpCases() {}

  public static List<OpCase> all() {
    return ALL;
  }

  public static List<OpCase> of(Op op) {
    return ALL.stream().filter(opCase -> opCase.op() == op).toList();
  }
}
