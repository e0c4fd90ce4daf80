package mpdp.plan;

import mpdp.backend.Backends;
import mpdp.backend.op.Precision;

/**
 * How a {@link Planner} is loaded.
 *
 * @param search how it looks for a plan
 * @param backend a name of {@link Backends#names}
 * @param threads worker threads, 0 for one per core
 * @param seed of its draws
 * @param precision of the ensemble's predictions
 */
public record PlannerOptions(
    Search search, String backend, int threads, long seed, Precision precision) {

  /** MPPI on the best back end that is available. */
  public static PlannerOptions defaults() {
    return new PlannerOptions(PathIntegral.defaults(), Backends.AUTO, 0, 0, Precision.FP32);
  }

  /** The same with another search. */
  public PlannerOptions with(Search search) {
    return new PlannerOptions(search, backend, threads, seed, precision);
  }

  /** The same with another seed. */
  public PlannerOptions withSeed(long seed) {
    return new PlannerOptions(search, backend, threads, seed, precision);
  }

  /** The same with predictions in another precision. */
  public PlannerOptions in(Precision precision) {
    return new PlannerOptions(search, backend, threads, seed, precision);
  }

  /** The same on a back end and a number of threads of it. */
  public PlannerOptions on(String backend, int threads) {
    return new PlannerOptions(search, backend, threads, seed, precision);
  }
}
