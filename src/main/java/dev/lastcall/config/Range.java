package dev.lastcall.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The smallest and the largest value of a number, a duration or a size, written as a user writes them. The bound of the type holds where a bound is
 * left out, and where there is no annotation: 1 ms to 365 days, 1 byte to 1T, integers from 1.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Range {
    /** The smallest value; empty: that of the type. */
    String min() default "";

    /** The largest value; empty: that of the type. */
    String max() default "";
}
