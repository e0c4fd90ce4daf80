/**
 * The cuda back end: the kernels of {@code cuda/ops}, compiled ahead of time and shipped in this
 * jar, launched through JCuda. Programs are CUDA graphs.
 */
@NullMarked
package mpdp.backend.cuda;

import org.jspecify.annotations.NullMarked;
