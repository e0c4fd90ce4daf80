/** The paper's theorems, checked exactly on random tabular MDPs. */
@NullMarked
package mpdp.theory;

import org.jspecify.annotations.NullMarked;
