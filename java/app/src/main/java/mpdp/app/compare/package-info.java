/** Compares groups of runs: scores, intervals, differences over equal seeds, and a picture. */
@NullMarked
package mpdp.app.compare;

import org.jspecify.annotations.NullMarked;
