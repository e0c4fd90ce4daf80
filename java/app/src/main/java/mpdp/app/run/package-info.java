/** The folder of a run: what is in it, how it is written without ever being half-written. */
@NullMarked
package mpdp.app.run;

import org.jspecify.annotations.NullMarked;
