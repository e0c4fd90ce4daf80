/** Pictures of episodes in plain Java: capsules as thick lines, animated GIF files. */
@NullMarked
package mpdp.env.render;

import org.jspecify.annotations.NullMarked;
