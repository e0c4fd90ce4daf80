package mpdp.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Where log lines go: stderr, and the log file of a run. */
final class Logs {
  private Logs() {}

  /** Shows debug messages of the engine and the learner, or hides them. */
  static void verbose(boolean verbose) {
    logger("mpdp").setLevel(verbose ? Level.DEBUG : Level.INFO);
  }

  /** Shows warnings only; the log file of a run still gets everything. */
  static void quiet() {
    logger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender("stdout");
  }

  /**
   * Appends every log line to a file too, until the returned handle is closed.
   *
   * @param own takes the lines of the calling thread alone
   */
  static AutoCloseableLog toFile(Path file, boolean own) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%d{yyyy-MM-dd HH:mm:ss} %-5level %logger{20} %msg%n");
    encoder.start();
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setFile(file.toString());
    if (own) {
      appender.addFilter(new OneThread(Thread.currentThread()));
    }
    appender.start();
    logger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
    return () -> {
      logger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender(appender);
      appender.stop();
    };
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }

  /** Denies what other threads log; appenders run on the thread that logs. */
  private static final class OneThread extends Filter<ILoggingEvent> {
    private final Thread thread;

    OneThread(Thread thread) {
      this.thread = thread;
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
      return Thread.currentThread() == thread ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
  }

  /** Closing it stops the log file. */
  interface AutoCloseableLog extends AutoCloseable {
    @Override
    void close();
  }
}
