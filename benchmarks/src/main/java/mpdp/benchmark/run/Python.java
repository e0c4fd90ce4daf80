package mpdp.benchmark.run;

import java.util.List;
import mpdp.MpdpException;

/**
 * A Python that has PyTorch.
 *
 * @param command that starts it
 * @param torch the version of its PyTorch
 */
record Python(String command, String torch) {
  /**
   * The one that MPDP_PYTHON names, else the first that has it.
   *
   * @throws MpdpException if none has
   */
  static Python find() {
    String named = System.getenv("MPDP_PYTHON");
    List<String> candidates =
        named == null ? List.of("python3", "/usr/bin/python3") : List.of(named);
    for (String candidate : candidates) {
      List<String> command = List.of(candidate, "-c", "import torch; print(torch.__version__)");
      try (LineProcess process = new LineProcess(1, command)) {
        return new Python(candidate, process.answer());
      } catch (MpdpException absent) {
        // The next one may have it.
      }
    }
    throw new MpdpException(
        "no PyTorch found: apt-get install python3-torch libopenblas0-pthread, or set MPDP_PYTHON"
            + " to a python that has it; benchmarks/peers/install FOLDER makes a recent one");
  }
}
