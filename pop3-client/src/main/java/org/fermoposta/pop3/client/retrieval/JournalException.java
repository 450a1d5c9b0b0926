// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.retrieval;

import java.io.IOException;
import java.nio.file.Path;

/** A journal cannot be used; the message says why, and what to do. */
public final class JournalException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What is wrong with it. */
  public enum Reason {
    /** Another process, or another part of this one, has it open. */
    IN_USE,
    /** It belongs to another account. */
    OTHER_ACCOUNT,
    /** It is damaged before its end, or no journal at all. */
    CORRUPT,
    /** Writing to it failed, so that nothing can be promised any more. */
    FAILED
  }

  private final Reason reason;

  JournalException(Reason reason, Path file, String what) {
    super(file + ": " + what);
    this.reason = reason;
  }

  /** Returns what is wrong. */
  public Reason reason() {
    return reason;
  }
}
