/**
 * Back ends: where ops run. {@link mpdp.backend.Backends} chooses, {@link mpdp.backend.Program}
 * replays.
 */
@NullMarked
package mpdp.backend;

import org.jspecify.annotations.NullMarked;
