/** Op cases, one list per family, and the checks that run all of them on all back ends. */
@NullMarked
package mpdp.backend.harness;

import org.jspecify.annotations.NullMarked;
