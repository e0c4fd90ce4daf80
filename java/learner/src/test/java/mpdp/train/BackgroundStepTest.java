package mpdp.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class BackgroundStepTest {
  private static final long MILLIS = 1_000_000;

  private final PhaseClock clock = new PhaseClock(() -> 0, () -> 0);
  private final CountDownLatch worked = new CountDownLatch(1);
  private final AtomicBoolean stepped = new AtomicBoolean();

  /** Ends only once the work has begun, and then takes a while. */
  private void slowStep() {
    await(worked);
    long end = System.nanoTime() + 20 * MILLIS;
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    stepped.set(true);
  }

  @Test
  void stepsWhileTheWorkIsDoneAndWaitsForIt() {
    try (BackgroundStep background = new BackgroundStep(this::slowStep, clock)) {
      background.during(
          () -> {
            assertThat(stepped).isFalse();
            worked.countDown();
          });
      assertThat(stepped).isTrue();
    }
    PhaseClock.Window window = clock.next();
    assertThat(window.shares().get("environment_share") * window.seconds()).isGreaterThan(0.015);
  }

  @Test
  void workThatFailsWaitsForTheStep() {
    try (BackgroundStep background = new BackgroundStep(this::slowStep, clock)) {
      assertThatThrownBy(
              () ->
                  background.during(
                      () -> {
                        worked.countDown();
                        throw new IllegalStateException("the work");
                      }))
          .hasMessage("the work")
          .hasNoSuppressedExceptions();
      assertThat(stepped).isTrue();
    }
  }

  @Test
  void aStepThatFailsIsThrownAfterTheWork() {
    AtomicBoolean done = new AtomicBoolean();
    Runnable failing = BackgroundStepTest::fail;
    try (BackgroundStep background = new BackgroundStep(failing, clock)) {
      assertThatThrownBy(() -> background.during(() -> done.set(true)))
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessage("the step");
      assertThat(done).isTrue();
      assertThatThrownBy(
              () ->
                  background.during(
                      () -> {
                        throw new IllegalStateException("the work");
                      }))
          .hasMessage("the work")
          .hasSuppressedException(new IllegalArgumentException("the step"));
    }
  }

  private static void fail() {
    throw new IllegalArgumentException("the step");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
