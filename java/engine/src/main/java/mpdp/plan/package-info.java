/** Planning in the learned model: searches for a good sequence of actions, from observations. */
@NullMarked
package mpdp.plan;

import org.jspecify.annotations.NullMarked;
