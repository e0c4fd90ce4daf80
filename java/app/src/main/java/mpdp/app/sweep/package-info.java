/**
 * Has a campaign's runs run: {@link mpdp.app.sweep.Sweep} decides which are due, an {@link
 * mpdp.app.sweep.Executor} starts their processes.
 */
@NullMarked
package mpdp.app.sweep;

import org.jspecify.annotations.NullMarked;
