// SPDX-License-Identifier: Apache-2.0

/**
 * What the processor's vector instructions make faster, where Java is started with {@code
 * --add-modules jdk.incubator.vector}. Nothing names these classes: {@link java.util.ServiceLoader}
 * finds them, and without the module they are passed over.
 */
@NullMarked
package org.fermoposta.pop3.runtime.vector;

import org.jspecify.annotations.NullMarked;
