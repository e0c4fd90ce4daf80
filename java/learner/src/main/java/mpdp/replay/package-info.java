/** Experience: transitions on the back end's device. */
@NullMarked
package mpdp.replay;

import org.jspecify.annotations.NullMarked;
