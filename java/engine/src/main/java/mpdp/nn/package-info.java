/** Networks: parameters, passes with their tapes, optimizer state. */
@NullMarked
package mpdp.nn;

import org.jspecify.annotations.NullMarked;
