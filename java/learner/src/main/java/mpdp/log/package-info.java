/** What a run reports while it learns. */
@NullMarked
package mpdp.log;

import org.jspecify.annotations.NullMarked;
