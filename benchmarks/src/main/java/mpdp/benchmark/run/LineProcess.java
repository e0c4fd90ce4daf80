package mpdp.benchmark.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mpdp.MpdpException;
import mpdp.app.run.RunFiles;

/** A command that is asked and answers line by line, and is given up where it takes too long. */
final class LineProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final Path errors;
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

  /**
   * @param threads what its BLAS gets, which asks the environment and not the program
   */
  LineProcess(int threads, List<String> command) {
    try {
      errors = Files.createTempFile("mpdp-peer", ".log");
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
      for (String library : List.of("OMP", "OPENBLAS", "MKL")) {
        builder.environment().put(library + "_NUM_THREADS", Integer.toString(threads));
      }
      process = builder.start();
    } catch (IOException e) {
      throw new MpdpException("cannot start " + command.getFirst() + ": " + RunFiles.reason(e), e);
    }
    Thread.ofPlatform().daemon().start(this::read);
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().forEach(line -> lines.add(Optional.of(line)));
    } catch (IOException | java.io.UncheckedIOException e) {
      // It ended in the middle of a line: whoever waits is told below.
    }
    lines.add(Optional.empty());
  }

  /** Sends an empty line. */
  void ask() {
    try {
      OutputStream input = process.getOutputStream();
      input.write('\n');
      input.flush();
    } catch (IOException e) {
      throw new MpdpException(lastError(), e);
    }
  }

  /**
   * The next line it prints.
   *
   * @throws MpdpException with why there is none: it ended, or took too long
   */
  String answer() {
    try {
      Optional<String> line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new MpdpException("no answer in " + PATIENCE_SECONDS + " s");
      }
      return line.orElseThrow(() -> new MpdpException(lastError()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MpdpException("interrupted", e);
    }
  }

  /** The last line that is not blank of what it complained of. */
  private String lastError() {
    try {
      return Files.readAllLines(errors).stream()
          .filter(line -> !line.isBlank())
          .reduce((first, second) -> second)
          .orElse("it ended without a word");
    } catch (IOException e) {
      return "it ended";
    }
  }

  @Override
  public void close() {
    // Compilers that it started outlive it otherwise.
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor();
      Files.deleteIfExists(errors);
    } catch (IOException e) {
      throw new MpdpException("cannot delete " + errors + ": " + RunFiles.reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
