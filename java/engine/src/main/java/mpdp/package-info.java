/** Exceptions shared by every room. */
@NullMarked
package mpdp;

import org.jspecify.annotations.NullMarked;
