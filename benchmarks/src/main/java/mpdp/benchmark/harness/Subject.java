package mpdp.benchmark.harness;

import mpdp.backend.Program;

/** What a benchmark runs, with the memory behind it. */
public interface Subject extends AutoCloseable {
  /** One step of what is measured. */
  Program program();

  @Override
  void close();
}
