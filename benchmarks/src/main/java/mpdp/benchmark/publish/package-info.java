/** Tables of the documents, made from the files of {@code benchmarks/results}. */
@NullMarked
package mpdp.benchmark.publish;

import org.jspecify.annotations.NullMarked;
