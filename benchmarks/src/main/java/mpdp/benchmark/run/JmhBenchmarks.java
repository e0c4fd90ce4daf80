package mpdp.benchmark.run;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mpdp.app.Benchmarks;
import mpdp.benchmark.gate.Gate;
import mpdp.benchmark.publish.Documents;
import org.openjdk.jmh.results.RunResult;

/** Runs benchmarks one by one, each in a JVM of its own, and tells the results as they come. */
public final class JmhBenchmarks implements Benchmarks {
  /**
   * In which ways PyTorch runs on a GPU, separated by commas: eager, graph, compiled, graph-tf32,
   * compiled-tf32. All where it is not set.
   */
  public static final String PEER_WAYS_PROPERTY = "mpdp.peers.ways";

  @Override
  public void list(Request request, PrintWriter out) {
    for (Variant variant : Selection.of(request)) {
      out.println(variant.title() + " " + variant.settings());
    }
    out.flush();
  }

  @Override
  public boolean gate(GateRequest request, PrintWriter out) {
    return Gate.run(request, out);
  }

  @Override
  public void tables(Path checkout, PrintWriter out) {
    Documents.write(checkout, out);
  }

  @Override
  public void run(Request request, PrintWriter out) {
    List<Variant> variants = Selection.of(request);
    if (request.peers()) {
      new Peers().run(variants, request, out);
      return;
    }
    List<RunResult> results = new ArrayList<>();
    out.print(Table.header());
    out.flush();
    for (Variant variant : variants) {
      RunResult result = OneRun.of(variant, request, false);
      results.add(result);
      out.print(Table.line(variant, result));
      out.flush();
      if (request.json() != null) {
        Results.write(request.json(), results);
      }
    }
  }
}
