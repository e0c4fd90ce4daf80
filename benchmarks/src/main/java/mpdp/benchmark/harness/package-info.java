/** What all benchmarks share: subjects, the check against the reference back end, the numbers. */
@NullMarked
package mpdp.benchmark.harness;

import org.jspecify.annotations.NullMarked;
