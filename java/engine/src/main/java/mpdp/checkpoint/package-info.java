/** Checkpoints: safetensors files, written atomically and verified whole when read. */
@NullMarked
package mpdp.checkpoint;

import org.jspecify.annotations.NullMarked;
