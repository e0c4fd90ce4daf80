/** The learners: critics, temperature, ensemble training, distillation of plans into policies. */
@NullMarked
package mpdp.agent;

import org.jspecify.annotations.NullMarked;
