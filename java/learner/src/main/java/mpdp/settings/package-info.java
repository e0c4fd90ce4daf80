/**
 * What a run is told: immutable records, one per TOML table, whose components carry their own
 * default, range and documentation, and the loader that layers files over them.
 */
@NullMarked
package mpdp.settings;

import org.jspecify.annotations.NullMarked;
