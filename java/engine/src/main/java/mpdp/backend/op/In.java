package mpdp.backend.op;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** An operand that the op only reads. */
@Retention(RetentionPolicy.RUNTIME)
public @interface In {}
