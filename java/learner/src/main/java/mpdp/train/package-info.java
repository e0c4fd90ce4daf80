@NullMarked
package mpdp.train;

import org.jspecify.annotations.NullMarked;
