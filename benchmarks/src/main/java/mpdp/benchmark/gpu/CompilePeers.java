package mpdp.benchmark.gpu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs each comparator shortly as torch.compile makes it, many side by side, so that what it
 * compiled is kept for those who measure. Arguments: a Python and the folder of the scripts. Exits
 * with 1 if none could be compiled: the measurements tell of single ones.
 */
final class CompilePeers {
  private static final List<String> SCRIPTS =
      List.of(
          "ensemble_train_step.py",
          "sac_update.py --width 256",
          "sac_update.py --width 512",
          "policy_improvement.py --uncertainty true --horizon 1",
          "policy_improvement.py --uncertainty true --horizon 3",
          "policy_improvement.py --uncertainty true --horizon 5",
          "plan.py --search cem",
          "plan.py --search mppi",
          "plan.py --search gradient",
          "imagine.py --horizon 5 --particles 1000",
          "imagine.py --horizon 5 --particles 10000",
          "imagine.py --horizon 5 --particles 100000");

  private CompilePeers() {}

  public static void main(String[] arguments) {
    List<String> commands = commands();
    AtomicInteger compiled = new AtomicInteger();
    try (ExecutorService pool =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      for (String command : commands) {
        pool.execute(() -> run(arguments[0], Path.of(arguments[1]), command, compiled));
      }
    }
    System.out.printf("%d of %d comparators compiled%n", compiled.get(), commands.size());
    System.exit(compiled.get() > 0 ? 0 : 1);
  }

  /** Those in fp32 first: they are measured first. */
  private static List<String> commands() {
    List<String> commands = new ArrayList<>();
    for (String precision : List.of("", " --tf32")) {
      for (String script : SCRIPTS) {
        commands.add(
            script + " --threads 1 --device cuda --mode compiled --seconds 0.01" + precision);
      }
    }
    return commands;
  }

  private static void run(String python, Path folder, String command, AtomicInteger compiled) {
    List<String> words = new ArrayList<>(List.of(python));
    words.addAll(List.of(command.split(" ")));
    try {
      Process process =
          new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true).start();
      String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      // One that cannot be compiled runs eagerly, and says so.
      if (process.waitFor() == 0 && told.contains("\"mode\": \"compiled\"")) {
        compiled.incrementAndGet();
      } else {
        System.out.println("FAILED " + command + ": " + told.strip());
      }
    } catch (IOException e) {
      System.out.println("FAILED " + command + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
