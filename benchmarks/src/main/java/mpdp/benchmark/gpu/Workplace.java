package mpdp.benchmark.gpu;

import java.nio.file.Path;

/**
 * Where a check's steps leave their files until they are collected.
 *
 * @param folder empty at the start
 */
record Workplace(Path folder) {
  /** The logs of all steps, and the runs that they trained. */
  Path logs() {
    return folder.resolve("logs");
  }

  /** What a step prints. */
  Path log(String step) {
    return logs().resolve(step.replace('/', '-') + ".log");
  }

  /** The folder of a run that a step trains. */
  Path run(String step) {
    return logs().resolve(step.replace('/', '-'));
  }

  /** What a step's benchmarks measured, JMH's JSON. */
  Path benchmark(String step) {
    return folder.resolve(step.replace('/', '-') + ".json");
  }

  /** What ncu counted. */
  Path counters() {
    return logs().resolve("counters.csv");
  }
}
