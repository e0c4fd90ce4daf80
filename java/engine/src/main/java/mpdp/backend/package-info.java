@NullMarked
package mpdp.backend;

import org.jspecify.annotations.NullMarked;
