// SPDX-License-Identifier: Apache-2.0

/** A way into Angus Mail's package-private protocol class, for measuring only. */
@NullMarked
package org.eclipse.angus.mail.pop3;

import org.jspecify.annotations.NullMarked;
