/** The command {@code mpdp bench}: choosing benchmarks, running them, telling the results. */
@NullMarked
package mpdp.benchmark.run;

import org.jspecify.annotations.NullMarked;
