/**
 * The check of a back end on another machine: tests and measures it step by step within ten
 * minutes. docs/benchmarks.md lists the steps.
 */
@NullMarked
package mpdp.benchmark.gpu;

import org.jspecify.annotations.NullMarked;
