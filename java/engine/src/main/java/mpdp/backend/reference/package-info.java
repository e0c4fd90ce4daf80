/**
 * The oracle: every op in plain Java with double accumulation, one class per op. Always available;
 * other back ends are tested against it.
 */
@NullMarked
package mpdp.backend.reference;

import org.jspecify.annotations.NullMarked;
