// SPDX-License-Identifier: Apache-2.0
package org.fermoposta.pop3.client.internal;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.fermoposta.pop3.client.Phase;
import org.fermoposta.pop3.client.Pop3ConnectionLostException;
import org.fermoposta.pop3.client.Pop3Exception;
import org.fermoposta.pop3.client.Pop3ProtocolFailureException;
import org.fermoposta.pop3.client.Pop3TlsException;
import org.fermoposta.pop3.protocol.Pop3ProtocolException;
import org.fermoposta.pop3.protocol.Printable;

/** Turns what a channel or a stage fails with into what callers are told. */
final class Failures {
  private Failures() {}

  static Pop3Exception explain(String endpoint, Phase phase, Throwable cause) {
    Throwable root = root(cause);
    if (root instanceof Pop3Exception known) {
      return known;
    } else if (root instanceof NotSslRecordException) {
      // Its own text is all that the server said, in hexadecimal.
      return new Pop3TlsException(endpoint, "the server does not speak TLS here", root);
    } else if (root instanceof ClosedChannelException) {
      return new Pop3ConnectionLostException(
          endpoint, phase, "the server closed the connection", root);
    }
    String message = root.getMessage();
    String text = message == null ? root.getClass().getSimpleName() : Printable.escape(message);
    if (root instanceof Pop3ProtocolException) {
      return new Pop3ProtocolFailureException(
          endpoint, phase + ": the server broke the protocol: " + text, root);
    } else if (root instanceof SSLException && phase == Phase.TLS) {
      return new Pop3TlsException(endpoint, "TLS handshake failed: " + text, root);
    }
    return new Pop3ConnectionLostException(endpoint, phase, "connection lost: " + text, root);
  }

  static Throwable root(Throwable failure) {
    Throwable root = failure;
    Throwable cause = root.getCause();
    while ((root instanceof CompletionException || root instanceof DecoderException)
        && cause != null) {
      root = cause;
      cause = root.getCause();
    }
    return root;
  }
}
