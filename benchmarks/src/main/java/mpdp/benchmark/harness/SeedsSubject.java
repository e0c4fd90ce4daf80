package mpdp.benchmark.harness;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import mpdp.backend.Backend;
import mpdp.backend.Program;

/** Agents of several seeds, whose programs run as one. */
record SeedsSubject(List<AgentSubject> agents, Program program) implements Subject {

  /**
   * Makes the agents.
   *
   * @param agent from a back end and a seed; the seeds are 1 and up
   */
  static Subject of(Backend backend, int seeds, BiFunction<Backend, Integer, AgentSubject> agent) {
    if (seeds == 1) {
      return agent.apply(backend, 1);
    }
    List<AgentSubject> agents =
        IntStream.rangeClosed(1, seeds).mapToObj(seed -> agent.apply(backend, seed)).toList();
    List<Program> programs = agents.stream().map(AgentSubject::program).toList();
    return new SeedsSubject(agents, backend.join(programs.getFirst().label(), programs));
  }

  @Override
  public void close() {
    program.close();
    agents.forEach(AgentSubject::close);
  }
}
