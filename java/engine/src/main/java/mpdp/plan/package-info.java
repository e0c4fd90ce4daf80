/** Planning through the learned model: differentiable rollouts with an adaptive horizon. */
@NullMarked
package mpdp.plan;

import org.jspecify.annotations.NullMarked;
