/** Imagined rollouts through the learned model, differentiable and with an adaptive horizon. */
@NullMarked
package mpdp.rollout;

import org.jspecify.annotations.NullMarked;
