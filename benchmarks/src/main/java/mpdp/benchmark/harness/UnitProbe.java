package mpdp.benchmark.harness;

import java.util.ArrayList;
import java.util.List;
import mpdp.backend.Backend;
import mpdp.backend.Program;
import mpdp.backend.op.Adam;
import mpdp.backend.op.GradientClip;
import mpdp.backend.op.MlpForward;
import mpdp.backend.op.MlpShape;
import mpdp.backend.op.MlpShape.Activation;
import mpdp.backend.op.Operation;
import mpdp.backend.op.Precision;
import mpdp.backend.op.RowMode;
import mpdp.backend.op.SequenceSample;
import mpdp.tensor.Buffer;
import mpdp.tensor.TensorArena;

/**
 * Measures {@link UnitCosts} with our own ops on operands that stay in each thread's caches: layers
 * of 200 units, activations, draws, and Adam.
 */
final class UnitProbe implements AutoCloseable {
  private static final int ROWS = 128;
  private static final int WIDTH = 200;
  private static final int RUNS = 40;
  private static final int DRAWS = 16 * 1024;
  private static final int WORDS = 16 * 1024;

  private final TensorArena arena;
  private final int threads;
  private final Backend backend;
  private final List<Program> programs = new ArrayList<>();
  private final Program layers;
  private final Program pairedLayers;
  private final Program relu;
  private final Program silu;
  private final Program draws;
  private final Program adam;
  private final double flops;

  /** Probes for a back end of so many threads, each of which gets its own share. */
  UnitProbe(Backend backend, int threads) {
    this.backend = backend;
    this.threads = threads;
    arena = backend.arena("unit costs");
    MlpShape square = new MlpShape(threads, WIDTH, WIDTH, 1, WIDTH, Activation.RELU, false);
    layers = program(forward(square, Precision.FP32));
    pairedLayers = program(forward(square, Precision.BF16));
    flops = Cost.of(layers).flops();
    relu = program(forward(activations(Activation.RELU), Precision.FP32));
    silu = program(forward(activations(Activation.SILU), Precision.FP32));
    draws = program(draw());
    adam = program(adam());
  }

  /** The costs now. */
  UnitCosts measure() {
    double activations = (double) threads * ROWS * WIDTH;
    return new UnitCosts(
        seconds(layers) / flops,
        seconds(pairedLayers) / flops,
        Math.max(0, seconds(silu) - seconds(relu)) / activations,
        seconds(draws) / ((double) threads * DRAWS),
        seconds(adam) / ((double) threads * WORDS));
  }

  private static double seconds(Program program) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < RUNS; i++) {
      long start = System.nanoTime();
      program.run();
      best = Math.min(best, System.nanoTime() - start);
    }
    return best / 1e9;
  }

  /** Hardly a product beside each activation. */
  private MlpShape activations(Activation activation) {
    return new MlpShape(threads, 1, WIDTH, 1, 1, activation, false);
  }

  private Operation forward(MlpShape shape, Precision precision) {
    Buffer x = filled((long) ROWS * shape.inputs());
    Buffer parameters = filled(shape.parameterWords());
    Buffer y = arena.allocate((long) threads * ROWS * shape.outputs());
    RowMode mode = RowMode.SHARED;
    return new MlpForward(
        shape, ROWS, mode, 0, threads, precision, x, parameters, null, null, null, y);
  }

  private Operation draw() {
    Buffer random = arena.allocate(4);
    Buffer mean = arena.allocate(DRAWS / 1024);
    Buffer deviation = filled(DRAWS / 1024);
    Buffer sequence = arena.allocate((long) threads * DRAWS);
    return new SequenceSample(
        threads * 1024, 1, DRAWS / 1024, 0, 0, random, mean, deviation, sequence);
  }

  private Operation adam() {
    long words = (long) threads * WORDS;
    Buffer clip = arena.allocate(GradientClip.WORDS);
    clip.write(1f, 0f, 1f, 0f, 0f);
    Buffer gradients = filled(words);
    Buffer parameters = filled(words);
    Buffer first = filled(words);
    Buffer second = filled(words);
    return new Adam(
        words, 1e-9f, 0.9f, 0.999f, 1e-8f, 0, gradients, clip, parameters, first, second);
  }

  /** Small numbers, none of them 0. */
  private Buffer filled(long words) {
    Buffer buffer = arena.allocate(words);
    float[] values = new float[Math.toIntExact(words)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 17 - 8.5f) / 32;
    }
    buffer.write(values);
    return buffer;
  }

  private Program program(Operation operation) {
    Program program = backend.record("unit cost", recorder -> recorder.add(operation));
    programs.add(program);
    return program;
  }

  @Override
  public void close() {
    programs.forEach(Program::close);
    arena.close();
  }
}
