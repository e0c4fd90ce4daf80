@NullMarked
package mpdp.app;

import org.jspecify.annotations.NullMarked;
