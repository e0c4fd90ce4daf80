package mpdp.backend.op;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** An operand that the op overwrites without reading it. */
@Retention(RetentionPolicy.RUNTIME)
public @interface Out {}
