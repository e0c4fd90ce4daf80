/** Pictures of runs: mean and spread over seeds of what {@code metrics.csv} recorded. */
@NullMarked
package mpdp.app.plot;

import org.jspecify.annotations.NullMarked;
