/**
 * The cpu back end: the kernels of {@code native/ops} on host memory, compiled for three
 * instruction sets of which the best is chosen when the library is loaded.
 */
@NullMarked
package mpdp.backend.cpu;

import org.jspecify.annotations.NullMarked;
