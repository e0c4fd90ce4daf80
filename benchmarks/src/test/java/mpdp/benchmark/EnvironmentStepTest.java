package mpdp.benchmark;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class EnvironmentStepTest {
  @Test
  void oneWrongObservationIsNoticed() {
    assumeTrue(
        EnvironmentStep.class.getResource("/native/linux-x86_64/libmpdp_open_loop.so") != null,
        "this build has no MuJoCo");
    EnvironmentStep benchmark = new EnvironmentStep();
    benchmark.batch = 8;
    benchmark.prepare();
    benchmark.takeFirstStep();
    MemorySegment observations = benchmark.observations();
    benchmark.verify(observations);
    observations.setAtIndex(JAVA_FLOAT, 40, observations.getAtIndex(JAVA_FLOAT, 40) + 0.1f);
    assertThatThrownBy(() -> benchmark.verify(observations))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("wrong answer");
    benchmark.close();
  }
}
