/** What every room shares: exceptions and the guess at a mistyped name. */
@NullMarked
package mpdp;

import org.jspecify.annotations.NullMarked;
