/** The gate: two versions of the kernels measured against each other in one process. */
@NullMarked
package mpdp.benchmark.gate;

import org.jspecify.annotations.NullMarked;
