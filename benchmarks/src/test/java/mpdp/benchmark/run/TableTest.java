package mpdp.benchmark.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import mpdp.benchmark.harness.Cost;
import mpdp.benchmark.harness.MadeUpResult;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;

class TableTest {
  private static Variant variant() {
    SequencedMap<String, String> parameters = new LinkedHashMap<>();
    parameters.put("backend", "cpu");
    parameters.put("threads", "2");
    return new Variant("mpdp.benchmark.SacUpdate.run", parameters);
  }

  @Test
  void aLineHoldsMediansUnderItsHeader() {
    // 2e9 flops a step of 1.5e6 bytes: 50 steps a second are 100 GFLOP/s, half of the peak. A step
    // takes 20 ms and could take 16.
    RunResult result = MadeUpResult.ofRates(new Cost(2e9, 1.5e6, 12), 1, 200e9, 0.016, 45, 50, 200);
    assertThat(Table.header())
        .isEqualTo(
            "     units/s    +-  GFLOP/s % peak % att.   MB/step   B/op  benchmark parameters"
                + System.lineSeparator());
    assertThat(Table.line(variant(), result))
        .isEqualTo(
            "       50.00  176%    100.0     50     80      1.50      0  SacUpdate backend=cpu threads=2"
                + System.lineSeparator());
  }

  @Test
  void unitsAreWhatAStepDoes() {
    RunResult result = MadeUpResult.ofRates(new Cost(2e9, 1, 1), 50_000, 200e9, 1, 3);
    assertThat(Table.line(variant(), result)).startsWith("     150,000  ");
  }

  @Test
  void timedStepsHavePercentiles() {
    long[] millis = new long[100];
    Arrays.fill(millis, 4);
    millis[99] = 64;
    String line = Table.line(variant(), MadeUpResult.ofTimes(1, millis));
    assertThat(line.strip())
        .matches(".*SacUpdate backend=cpu threads=2 \\(4\\.0. ms/op, p99 .*\\)");
  }

  @Test
  void whatIsNotReportedStaysEmpty() {
    RunResult result =
        MadeUpResult.ofRates(new Cost(Double.NaN, 8, 1), 64, 200e9, Double.NaN, 1000);
    assertThat(Table.line(variant(), result))
        .matches(" {6}64,000 +\\S* {24} +0\\.00 +0  SacUpdate backend=cpu threads=2\\R");
    assertThat(Table.value(result, "bytes_per_step", 0)).isEqualTo(8);
    assertThat(Table.value(result, "nothing", -1)).isEqualTo(-1);
  }

  @Test
  void numbersHaveFourDigitsOrMore() {
    assertThat(Table.number(9.876)).isEqualTo("9.88");
    assertThat(Table.number(987.65)).isEqualTo("987.7");
    assertThat(Table.number(9876.5)).isEqualTo("9,877");
    assertThat(Table.number(Double.NaN)).isEmpty();
  }
}
