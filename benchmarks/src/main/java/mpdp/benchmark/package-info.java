/**
 * What {@code mpdp bench} measures, one JMH benchmark a class; docs/benchmarks.md explains them.
 */
@NullMarked
package mpdp.benchmark;

import org.jspecify.annotations.NullMarked;
