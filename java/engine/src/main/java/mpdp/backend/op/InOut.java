package mpdp.backend.op;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** An operand that the op reads and updates (or leaves in part as it was). */
@Retention(RetentionPolicy.RUNTIME)
public @interface InOut {}
