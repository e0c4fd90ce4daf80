/** Tasks simulated by MuJoCo, through the native batch stepper. */
@NullMarked
package mpdp.env.mujoco;

import org.jspecify.annotations.NullMarked;
