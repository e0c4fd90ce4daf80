/** The op table: one record per op gives its math, operands, shapes, flops and bytes. */
@NullMarked
package mpdp.backend.op;

import org.jspecify.annotations.NullMarked;
