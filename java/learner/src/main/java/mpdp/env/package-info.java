/** Tasks: batches of environments that reset themselves, and what a learner must know of each. */
@NullMarked
package mpdp.env;

import org.jspecify.annotations.NullMarked;
