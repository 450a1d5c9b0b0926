// SPDX-License-Identifier: Apache-2.0

/**
 * Strict binding of a YAML file to records, with errors that name file and line. Start with {@link
 * org.fermoposta.pop3.runtime.config.ConfigReader}.
 */
@NullMarked
package org.fermoposta.pop3.runtime.config;

import org.jspecify.annotations.NullMarked;
