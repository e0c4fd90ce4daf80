/**
 * Device memory: {@link mpdp.tensor.TensorArena} owns it, {@link mpdp.tensor.Buffer} names parts of
 * it.
 */
@NullMarked
package mpdp.tensor;

import org.jspecify.annotations.NullMarked;
