// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.protocol;

/** Placeholder. */
public interface Pop3Command {}
