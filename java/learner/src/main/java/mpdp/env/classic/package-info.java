/** Tasks in plain Java, which need nothing installed. */
@NullMarked
package mpdp.env.classic;

import org.jspecify.annotations.NullMarked;
