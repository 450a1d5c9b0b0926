// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.jakarta;

import jakarta.mail.internet.SharedInputStream;
import jakarta.mail.util.SharedFileInputStream;
import java.lang.ref.Reference;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * The content of a message, while memory allows; in a file, while somebody reads it, so that open
 * files are not as many as messages. Thread-safe.
 */
final class ContentReference {
  private @Nullable Reference<SharedInputStream> loosely;
  private @Nullable SharedInputStream strongly;

  synchronized @Nullable SharedInputStream get() {
    if (strongly != null) {
      return strongly;
    }
    return loosely == null ? null : loosely.get();
  }

  synchronized void set(SharedInputStream content, boolean keep) {
    loosely =
        content instanceof SharedFileInputStream
            ? new WeakReference<>(content)
            : new SoftReference<>(content);
    strongly = keep ? content : null;
  }

  synchronized void clear() {
    loosely = null;
    strongly = null;
  }
}
