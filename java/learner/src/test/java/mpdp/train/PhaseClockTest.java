package mpdp.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import mpdp.train.PhaseClock.Phase;
import org.junit.jupiter.api.Test;

class PhaseClockTest {
  private static final long MILLION = 1_000_000;

  private final AtomicLong kernels = new AtomicLong(7 * MILLION);
  private final AtomicLong simulator = new AtomicLong(9 * MILLION);
  private final PhaseClock clock = new PhaseClock(kernels::get, simulator::get);

  @Test
  void kernelsAndSimulatorAreSharesOfTheWindow() {
    pause(10);
    kernels.addAndGet(4 * MILLION);
    simulator.addAndGet(2 * MILLION);
    PhaseClock.Window window = clock.next();
    assertThat(window.seconds()).isGreaterThanOrEqualTo(0.010);
    assertShare(window, "kernel_share", 0.004);
    assertShare(window, "simulator_share", 0.002);
    pause(1);
    PhaseClock.Window idle = clock.next();
    assertThat(idle.shares()).containsEntry("kernel_share", 0.0);
    assertThat(idle.shares()).containsEntry("simulator_share", 0.0);
  }

  @Test
  void phasesBelongToTheWindowTheyWereTimedIn() {
    clock.time(Phase.UPDATE, () -> pause(4));
    clock.time(Phase.UPDATE, () -> pause(4));
    clock.time(Phase.SAVE, () -> pause(2));
    PhaseClock.Window window = clock.next();
    Map<String, Double> shares = window.shares();
    assertThat(shares.get("update_share") * window.seconds()).isGreaterThanOrEqualTo(0.008);
    assertThat(shares.get("save_share") * window.seconds()).isGreaterThanOrEqualTo(0.002);
    assertThat(shares.get("update_share") + shares.get("save_share")).isLessThanOrEqualTo(1);
    assertThat(shares).containsEntry("act_share", 0.0);
    assertThat(clock.next().shares()).containsEntry("update_share", 0.0);
  }

  @Test
  void windowsLeaveNoGap() {
    long start = System.nanoTime();
    PhaseClock whole = new PhaseClock(kernels::get, simulator::get);
    double seconds = 0;
    for (int i = 0; i < 5; i++) {
      pause(1);
      seconds += whole.next().seconds();
      pause(1); // what writing a row takes belongs to the next window
    }
    seconds += whole.next().seconds();
    double elapsed = (System.nanoTime() - start) * 1e-9;
    assertThat(seconds).isBetween(0.010, elapsed);
  }

  private static void assertShare(PhaseClock.Window window, String column, double seconds) {
    assertThat(window.shares().get(column) * window.seconds())
        .as(column)
        .isCloseTo(seconds, within(1e-9));
  }

  private static void pause(int millis) {
    long end = System.nanoTime() + millis * MILLION;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }
}
