/** Counter-based random numbers: the same draws on every back end. */
@NullMarked
package mpdp.random;

import org.jspecify.annotations.NullMarked;
