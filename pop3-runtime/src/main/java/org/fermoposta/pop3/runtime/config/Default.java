// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.runtime.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a record component is when its key is missing, written as in the file:
 * {@code @Default("10m") Duration idleTimeout}. On a list, its elements, none for an empty list. On
 * a record or map, without a value: as if an empty mapping were written.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
  /** The text of the scalar, or of each element of a list. */
  String[] value() default {};
}
