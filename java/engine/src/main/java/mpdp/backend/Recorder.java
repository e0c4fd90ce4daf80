package mpdp.backend;

import mpdp.backend.op.Operation;

/** Collects a program's ops in order. */
@FunctionalInterface
public interface Recorder {
  /** Appends {@code operation}; later ops see its results. */
  void add(Operation operation);
}
